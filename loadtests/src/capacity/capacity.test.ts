import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { keptReports } from '../kept-reports.ts';
import { officeDay } from '../mixes.ts';
import { projectFolder } from '../start-program.ts';
import type { LoadReport } from '../run-load.ts';
import { assumptions } from './assumptions.ts';
import { capacityPage, hasCosts } from './capacity-page.ts';
import { changeAssumptions } from './change-assumptions.ts';
import { computeCapacity, meanFileBytes, type Measured } from './compute-capacity.ts';

const measured: Measured = {
  costs: [
    { operation: 'upload', operations: 10, cpuMs: { upload: 6, postgres: 3 } },
    { operation: 'poll', operations: 10, cpuMs: { sync: 1, postgres: 1 } },
  ],
  memoryBytes: { upload: 100e6, sync: 80e6, postgres: 10e6 },
};
const given = {
  ...assumptions,
  users: 100_000,
  usersPerCell: 50_000,
  perUserAndDay: { upload: 12, poll: 36 },
  busiestHourShare: 0.5,
  peakOverHour: 2,
  busyShare: 0.5,
  devicesPerUser: 1,
  onlineShare: 0.5,
  bytesPerSocket: 1_000,
};

test('cores are what each operation costs, as often as it comes at the peak, with room', () => {
  const { cells, parts, operations, sockets } = computeCapacity(given, measured);
  expect(cells).toBe(2);
  expect(operations.map(({ perSecond }) => Math.round(perSecond))).toEqual([333, 1000]);
  const byName = Object.fromEntries(parts.map((need) => [need.part, need]));
  expect(byName['upload']).toMatchObject({ cores: expect.closeTo(2), processes: 2, memoryBytes: 200e6 });
  expect(byName['postgres']?.cores).toBeCloseTo(2);
  expect(sockets).toBe(50_000);
  expect(byName['sync']).toMatchObject({ cores: expect.closeTo(1), processes: 2, memoryBytes: 2 * 80e6 + 25e6 });
});

test('twice the users need twice as much, and an operation that was not measured is no zero', () => {
  const twice = computeCapacity({ ...given, users: 200_000 }, measured);
  const once = computeCapacity(given, measured);
  expect([twice.cells * twice.coresOfCell, twice.poolBytes]).toEqual([
    expect.closeTo(2 * once.cells * once.coresOfCell),
    2 * once.poolBytes,
  ]);
  expect(() => computeCapacity({ ...given, perUserAndDay: { search: 1 } }, measured)).toThrow(/search/);
});

test('the page tells cells, costs, parts and every assumption', () => {
  const costs = Object.keys(officeDay).map((operation) => ({ operation, operations: 1_000, cpuMs: { upload: 2, postgres: 1 } }));
  const usage = { processes: 2, memoryBytes: 200e6, files: 1, sockets: 1, cpuSeconds: 1, busiest: 0 };
  const samples = [{ atSeconds: 1, machineBusy: 0, machineWaiting: 0, parts: { upload: usage, postgres: usage } }];
  const report = { target: 'stack', machine: '2 cores', observed: { samples, costs } } as unknown as LoadReport;
  const page = capacityPage([{ version: '1.2.3', report }]);
  expect(page).toMatch(/^\| cells \| 20 \| 1 \|$/m);
  expect(page).toMatch(/^\| poll \| 1,000 \| 1\.00 \| 2\.00 \|$/m);
  expect(page).toMatch(/^\| upload \| \d+\.\d\d \| \d+ \| [\d.]+ [MG]B \|$/m);
  expect(page).toMatch(/^\| postgres \| [\d.]+ \| 1 \| 200\.0 MB \|$/m);
  for (const name of Object.keys(assumptions).filter((one) => one !== 'perUserAndDay')) expect(page).toContain(`| ${name} | `);
});

test('with other assumptions it is the page of those, and says which they are', () => {
  const costs = Object.keys(officeDay).map((operation) => ({ operation, operations: 1, cpuMs: { postgres: 1 } }));
  const report = { target: 'stack', machine: '2 cores', observed: { samples: [], costs } } as unknown as LoadReport;
  const page = capacityPage([{ version: '1.2.3', report }], ['users=120000', 'perUserAndDay.share=0']);
  expect(page).toContain('Other than there: `users=120000`, `perUserAndDay.share=0`.');
  expect(page).toMatch(/^\| cells \| 3 \| 1 \|$/m);
  expect(page).toMatch(/share 0, link 3, wake 20, /);
  expect(page).toMatch(/^\| perUserAndDay\.share \| 0 \|$/m);
});

test('each commit makes events, whatever it is of', () => {
  const commits = { ...given, eventBytesPerCommit: 10, eventDays: 2, eventCopies: 3 };
  const costs = ['upload', 'edit', 'poll'].map((operation) => ({ operation, operations: 1, cpuMs: { postgres: 1 } }));
  const perUserAndDay = { upload: 3, edit: 2, poll: 50 };
  expect(computeCapacity({ ...commits, perUserAndDay }, { costs, memoryBytes: {} }).eventBytes).toBe(100_000 * 5 * 10 * 2 * 3);
});

test('everything that is wrong with other assumptions is said at once', () => {
  const changes = ['user=5', 'users=many', 'usersPerCell=0', 'replicasAtLeast=1.5', 'busyShare=2', 'perUserAndDay.fly=1', 'eventDays'];
  const change = (): unknown => changeAssumptions(assumptions, changes);
  for (const complaint of [
    /user is no assumption; there are users, usersPerCell, .*, perUserAndDay\.signIn$/m,
    /users is a whole number, as in users=3$/m,
    /usersPerCell is from 1 to/,
    /replicasAtLeast is a whole number/,
    /busyShare is from 0\.01 to 1$/m,
    /perUserAndDay\.fly is no assumption/,
    /eventDays is a number, as in eventDays=3$/m,
  ])
    expect(change).toThrow(complaint);
});

test('the mean file is far above the median, and below the largest', () => {
  expect(meanFileBytes()).toBeGreaterThan(100_000);
  expect(meanFileBytes()).toBeLessThan(1_000_000);
});

test('docs/capacity.md is what its inputs give, once costs are kept, and every workload is one of them', async () => {
  expect(Object.keys(assumptions.perUserAndDay).toSorted()).toEqual(Object.keys(officeDay).toSorted());
  const kept = await keptReports();
  const page = await readFile(path.join(projectFolder, 'docs/capacity.md'), 'utf8').catch(() => undefined);
  expect(page).toBe(hasCosts(kept) ? capacityPage(kept) : undefined);
});
