import { expect, test } from '@jest/globals';
import { journeys } from '@driftbox/observability';
import { routes } from '@driftbox/protocol';
import { officeDay } from './office-day.ts';
import { profiles, type Profile } from './profiles.ts';
import { loadedRoutes, routeTags, thresholdsOf } from './thresholds.ts';

const profileOf = (name: string): Profile => profiles.find((one) => one.name === name)!;

test('every route of a workload is in the route table, and counts for the journey that the objectives give it', () => {
  const names = new Set(Object.keys(routes));
  expect(loadedRoutes.filter((route) => !names.has(route))).toEqual([]);
  expect(routeTags()).toEqual({
    listChanges: { journey: 'sync', judged: 'sync' },
    listChildren: { journey: 'sync', judged: 'sync' },
    getContent: { journey: 'download', judged: 'download' },
    askMissing: { journey: 'upload', judged: 'upload' },
    postCommit: { journey: 'upload', judged: 'upload' },
    logIn: { journey: 'sign_in', judged: 'sign_in' },
    refreshToken: { journey: 'sign_in', judged: 'sign_in' },
  });
});

test('k6 judges each loaded journey by the numbers of its objective', () => {
  for (const profile of profiles) {
    const thresholds = thresholdsOf(profile, profile.minutes * 60);
    for (const { name, availability, speed } of journeys.filter(({ name }) => name !== 'share')) {
      const [failed] = thresholds[`http_req_failed{journey:${name}}`] ?? [];
      expect(Number(failed?.replace('rate<=', ''))).toBeCloseTo(1 - availability, 9);
      const judged = profile.judgesSpeed ? [`p(${speed.share * 100})<=${speed.seconds * 1000}`] : undefined;
      expect(thresholds[`http_req_duration{judged:${name}}`]).toEqual(judged);
    }
  }
});

test('the smoke profile asks for ten thousand requests and ten failures, and a shorter one for its part of them', () => {
  const smoke = profileOf('smoke');
  expect(thresholdsOf(smoke, smoke.minutes * 60)).toMatchObject({ http_reqs: ['count>=10000'], failed_requests: ['count<=10'] });
  expect(thresholdsOf(smoke, 6)).toMatchObject({ http_reqs: ['count>=600'] });
});

test('arrivals that found nobody free are judged where speed is, by the strictest availability', () => {
  expect(thresholdsOf(profileOf('load'), 60)).toMatchObject({ dropped_iterations: ['count<=9'] });
  for (const name of ['smoke', 'stress']) expect(thresholdsOf(profileOf(name), 60)).not.toHaveProperty('dropped_iterations');
});

test('the weights of the mix add up to one', () => {
  expect(officeDay.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
});
