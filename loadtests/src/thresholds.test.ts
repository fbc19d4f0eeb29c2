import { expect, test } from '@jest/globals';
import { freshness, journeys } from '@driftbox/observability';
import * as mixes from './mixes.ts';
import { profiles, type Profile } from './profiles.ts';
import { routeTags, thresholdsOf } from './thresholds.ts';
import { weightsOf } from './workloads.ts';

const profileOf = (name: string): Profile => profiles.find((one) => one.name === name)!;

test('every route of a workload counts for the journey that the objectives give it', () => {
  const sync = { journey: 'sync', judged: 'sync' };
  const upload = { journey: 'upload', judged: 'upload' };
  const share = { journey: 'share', judged: 'share' };
  const signIn = { journey: 'sign_in', judged: 'sign_in' };
  const other = { journey: 'other' };
  expect(routeTags(mixes.officeDay)).toEqual({
    listChanges: sync,
    listChildren: sync,
    getContent: { journey: 'download', judged: 'download' },
    askMissing: upload,
    postCommit: upload,
    createUpload: other,
    appendToUpload: other,
    resolvePath: other,
    searchEntries: other,
    addEntryGrant: other,
    listGrantedEntries: other,
    removeEntryGrant: other,
    createLink: share,
    getShared: share,
    listSharedChildren: share,
    downloadShared: share,
    readDownload: share,
    revokeLink: share,
    logIn: signIn,
    refreshToken: signIn,
  });
});

test('k6 judges each journey of a mix by the numbers of its objective, and what has none by the strictest', () => {
  for (const profile of profiles) {
    const thresholds = thresholdsOf(profile, profile.minutes * 60);
    const loaded = new Set(Object.values(routeTags(profile.mix)).map(({ journey }) => journey));
    for (const { name, availability, speed } of journeys) {
      const [failed] = thresholds[`http_req_failed{journey:${name}}`] ?? [];
      expect(Number(failed?.replace('rate<=', ''))).toEqual(loaded.has(name) ? expect.closeTo(1 - availability, 9) : NaN);
      const judged = profile.judgesSpeed && loaded.has(name) ? [`p(${speed.share * 100})<=${speed.seconds * 1000}`] : undefined;
      expect(thresholds[`http_req_duration{judged:${name}}`]).toEqual(judged);
    }
    expect(thresholds['http_req_failed{journey:other}']).toEqual(loaded.has('other') ? ['rate<=0.001'] : undefined);
  }
});

test('the smoke profile asks for ten thousand requests and ten failures, and a shorter one for its part of them', () => {
  const smoke = profileOf('smoke');
  expect(thresholdsOf(smoke, smoke.minutes * 60)).toMatchObject({ http_reqs: ['count>=10000'], failed_requests: ['count<=10'] });
  expect(thresholdsOf(smoke, 6)).toMatchObject({ http_reqs: ['count>=600'] });
});

test('arrivals that found nobody free are judged where speed is, by the strictest availability', () => {
  expect(thresholdsOf(profileOf('load'), 60)).toMatchObject({ dropped_iterations: ['count<=4'] });
  for (const name of ['smoke', 'stress']) expect(thresholdsOf(profileOf(name), 60)).not.toHaveProperty('dropped_iterations');
});

test('hints are held to the objective of freshness, and sockets that wait are not lost, but to a restart', () => {
  const [share, ms] = [freshness.share * 100, freshness.seconds * 1000];
  const idle = thresholdsOf(profileOf('idle-crowd'), 60);
  expect(idle).toMatchObject({ hint_delay: [`p(${share})<=${ms}`], sockets_opened: ['count>=1000'], sockets_lost: ['count<=1'] });
  expect(thresholdsOf(profileOf('rolling-restart'), 60)).toMatchObject({ hint_delay: ['max>=0'], sockets_lost: ['count>=0'] });
  expect(thresholdsOf(profileOf('viral'), 60)).not.toHaveProperty('sockets_lost');
});

test.each(Object.entries(mixes))('the weights of %s add up to one', (_, mix) => {
  expect(weightsOf(mix).reduce((sum, [, weight]) => sum + weight, 0)).toBeCloseTo(1, 9);
});
