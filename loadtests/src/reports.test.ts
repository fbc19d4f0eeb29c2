import { expect, test } from '@jest/globals';
import { evenSample } from './find-lost.ts';
import { latencyPlot } from './latency-plot.ts';
import { readLines } from './read-lines.ts';
import { readSummary } from './read-summary.ts';
import { reportPage, reportText } from './report-text.ts';
import { profiles } from './profiles.ts';
import type { LoadReport } from './run-load.ts';
import { stepsOf } from './scenarios.ts';

const summary = {
  state: { testRunDurationMs: 10_000 },
  metrics: {
    http_reqs: { values: { count: 30 }, thresholds: { 'count>=20': { ok: true } } },
    failed_requests: { values: { count: 1 }, thresholds: { 'count>=0': { ok: true } } },
    'http_reqs{name:logIn}': { values: { count: 30 }, thresholds: { 'count>=0': { ok: true } } },
    'http_req_failed{name:logIn}': { values: { rate: 1 / 30 }, thresholds: { 'rate>=0': { ok: true } } },
    'http_req_duration{name:logIn}': { values: { med: 5, 'p(95)': 7, 'p(99)': 9.25 }, thresholds: { 'max>=0': { ok: true } } },
    'http_req_duration{judged:sign_in}': { values: { 'p(99)': 9 }, thresholds: { 'p(99)<=8': { ok: false } } },
  },
};

const report: LoadReport = {
  profile: 'smoke',
  wholeMinutes: 1,
  target: 'standalone',
  machine: '2 cores (some)',
  k6ExitCode: 99,
  results: readSummary(summary, ['logIn', 'refreshToken'], []),
  observed: { samples: [] },
  kept: { acknowledged: 4, readBack: 3, lost: ['some-file: not in its folder'] },
  said: ['1 x failed: logIn: 500 '],
  passed: false,
};

test('a summary becomes figures by route, and verdicts without the bounds that are only there to show figures', () => {
  const { results } = report;
  expect(results).toMatchObject({ seconds: 10, requests: 30, failures: 1, missed: 0, steps: [] });
  expect(results.routes.find(({ name }) => name === 'logIn')).toEqual({
    name: 'logIn',
    requests: 30,
    perSecond: 3,
    failed: 1 / 30,
    p50Ms: 5,
    p95Ms: 7,
    p99Ms: 9.25,
  });
  expect(results.verdicts).toEqual([
    { metric: 'http_reqs', bound: 'count>=20', holds: true },
    { metric: 'http_req_duration{judged:sign_in}', bound: 'p(99)<=8', holds: false },
  ]);
});

test('a step of a closed profile has its own part of the time', () => {
  const metrics = {
    ...summary.metrics,
    'http_reqs{scenario:step_4}': { values: { count: 30 } },
    'iterations{scenario:step_4}': { values: { count: 20 } },
  };
  const stress = { ...profiles[0]!, model: { kind: 'closed', steps: [2, 4] } as const };
  const { steps } = readSummary({ ...summary, metrics }, [], stepsOf(stress));
  expect(steps).toMatchObject([
    { users: 2, requests: 0, operations: 0 },
    { users: 4, requests: 30, perSecond: 6, operationsPerSecond: 4 },
  ]);
});

test('both reports tell figures, what fell short and what was lost', () => {
  const text = reportText(report);
  expect(text).toMatch(/^smoke at standalone: 30 requests in 10 s \(3\/s\), 1 failed, 0 arrivals missed\.$/m);
  expect(text).toMatch(/^logIn +30 +3\.0 +3\.33 % +5\.0 +7\.0 +9\.3$/m);
  expect(text).toMatch(/^SHORT {2}http_req_duration\{judged:sign_in\}: p\(99\)<=8$/m);
  expect(text).toMatch(/^SHORT {2}of 4 acknowledged files 1 lost, 3 read back and compared\n +some-file/m);
  expect(text).toMatch(/failed \(k6 exited with 99\)$/);
  const page = reportPage(report, ['a.svg']);
  expect(page).toContain('| logIn | 30 | 3.0 | 3.33 % | 5.0 | 7.0 | 9.3 |');
  expect(page).toContain('![a.svg](a.svg)');
});

test('the plot has three bars for each row with requests, the longest of them whole', () => {
  const svg = latencyPlot('a < b', report.results.routes);
  expect(svg).toContain('a &lt; b');
  expect(svg.match(/height="18"/g)).toHaveLength(3);
  expect(svg).toContain('width="500.0"');
});

test('lines of the console are uploads or failures, which are counted', () => {
  const upload = { user: 0, entryId: 'e', rev: 1, digest: 'd', sizeBytes: 1 };
  const { acknowledged, failures } = readLines(['failed: a', JSON.stringify(upload), 'failed: a', 'failed: b']);
  expect(acknowledged).toEqual([upload]);
  expect([...failures]).toEqual([
    ['failed: a', 2],
    ['failed: b', 1],
  ]);
});

test('a sample is spread over all, with both ends', () => {
  const all = Array.from({ length: 1000 }, (_, index) => index);
  const sample = evenSample(all, 200);
  expect([sample.length, new Set(sample).size, sample[0], sample.at(-1)]).toEqual([200, 200, 0, 999]);
  expect(evenSample(all, 2000)).toEqual(all);
});
