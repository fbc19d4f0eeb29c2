import { expect, test } from '@jest/globals';
import { routes, type Route } from '@driftbox/protocol';
import { parse } from 'yaml';
import { burnRates } from './burn-rates.ts';
import { freshness, journeys, objectiveDays, type Requests } from './objectives.ts';
import { ruleFile } from './rules/rule-file.ts';
import type { AlertRule, RecordingRule } from './rules/rule.ts';
import { duration } from './time-scale.ts';

const { groups } = parse(ruleFile()) as { groups: { rules: (RecordingRule & AlertRule)[] }[] };
const rules = groups.flatMap((group) => group.rules);
const recordedOf = (record: string, journey: string): string | undefined =>
  rules.find((rule) => rule.record === record && rule.labels?.['journey' as never] === journey)?.expr;

test.each(journeys)('the rules of $name carry its objectives and no others', ({ name, availability, speed }) => {
  expect(Number(/\((.*)\)/.exec(recordedOf('driftbox:journey_failures:budget', name) ?? '')?.[1])).toBeCloseTo(1 - availability, 10);
  expect(Number(/\((.*)\)/.exec(recordedOf('driftbox:journey_slow:budget', name) ?? '')?.[1])).toBeCloseTo(1 - speed.share, 10);
  expect(recordedOf('driftbox:journey_slow:rate5m', name)).toContain(`"${speed.seconds}`);
});

test('a bound of speed is a bound of the histogram, or nothing would be counted', () => {
  const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];
  for (const { speed } of journeys) expect(buckets).toContain(speed.seconds);
  expect(freshness.seconds).toBe(5);
});

test('a journey is made of routes that exist, each at the service that answers it', () => {
  const known = new Map<string, string>(Object.values(routes).map(({ name, service }) => [name, service]));
  const all = journeys.flatMap(({ requests, speed }): Requests[] => [...requests, ...speed.requests, ...(speed.withoutNetwork ?? [])]);
  for (const { service, routes: names = [] } of all) for (const name of names) expect([name, known.get(name)]).toEqual([name, service]);
});

test('what carries content is as slow as whoever sends or takes it, and judges no speed but that of downloads', () => {
  const carries = Object.values<Route>(routes).filter(
    ({ body, answer, framesToo }) => [body, answer].some((one) => one !== undefined && 'stream' in one) || framesToo === true,
  );
  // Answers with where the bytes are, and has none of its own.
  const names = new Set(carries.map(({ name }) => name).filter((name) => name !== 'downloadShared'));
  const judged = journeys.filter(({ name }) => name !== 'download').flatMap(({ speed }) => speed.requests);
  expect(names).toContain('readDownload');
  expect(judged.every(({ routes: named }) => named !== undefined)).toBe(true);
  expect(judged.flatMap(({ routes: named = [] }) => named).filter((name) => names.has(name))).toEqual([]);
  // Of the service that has routes of both kinds none is forgotten.
  const share = Object.values<Route>(routes).filter(({ service, path }) => service === 'share' && path.startsWith('/v1/'));
  const known = new Set(judged.flatMap(({ routes: named = [] }) => named));
  expect(share.map(({ name }) => name).filter((name) => !known.has(name) && !names.has(name))).toEqual([]);
});

test('each burn rate spends of the budget what its long window is worth', () => {
  const spent = burnRates.map(({ factor, longSeconds }) => (factor * longSeconds) / (objectiveDays * 86_400));
  expect(spent.map((share) => Number(share.toFixed(3)))).toEqual([0.02, 0.05, 0.1]);
});

test('with windows a sixtieth as long the names stay, so that alerts and dashboards read the same', () => {
  const short = (parse(ruleFile({ divisor: 60 })) as { groups: typeof groups }).groups;
  const names = (all: typeof groups): unknown[] => all.flatMap((group) => group.rules.map(({ record, alert }) => record ?? alert));
  expect(names(short)).toEqual(names(groups));
  expect(JSON.stringify(short)).toContain('[5s]');
});

test.each([
  [30, '30s'],
  [300, '5m'],
  [3_600, '1h'],
  [259_200, '3d'],
  [4_320, '72m'],
])('%d seconds are written %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
