import { describe, expect, test } from '@jest/globals';
import { findKnee, saturatedBy, type StressStep } from './find-knee.ts';
import { judgeFlatness } from './judge-flatness.ts';
import { linePlot } from './line-plot.ts';
import { operationCosts } from './operation-costs.ts';
import { partName } from './part-name.ts';
import { usageBetween } from './usage-between.ts';
import { usageTaker, type UsageSample } from './watch-usage.ts';

const machine = (all: number, busy: number, waiting = 0) => ({ all, busy, waiting });
const process = (pid: number, part: string, cpuSeconds: number, memoryBytes = 0) => ({
  pid,
  part,
  cpuSeconds,
  memoryBytes,
  files: 3,
  sockets: 1,
});

test('a process is known by its command line', () => {
  const names = [
    ['/usr/bin/node', '--no-warnings', '/x/services/upload/src/main.ts'],
    ['node', '/x/services/gateway/src/main.ts'],
    ['node', 'standalone/src/main.ts', '--json'],
    ['node', 'testbed/stack/main.ts'],
    ['postgres: metadata stack 127.0.0.1(5) idle'],
    ['/x/bin/postgres', '-D', '/data'],
    ['nginx: worker process'],
    ['/x/java', 'kafka.Kafka'],
    ['redis-server 127.0.0.1:6379'],
  ].map(partName);
  expect(names).toEqual(['upload', 'verify', 'standalone', 'stack', 'postgres', 'postgres', 'nginx', 'kafka', 'redis']);
});

describe('samples', () => {
  const take = usageTaker();
  const samples = [
    take(0, [process(1, 'upload', 5), process(2, 'upload', 7)], machine(0, 0)),
    take(2, [process(1, 'upload', 6), process(2, 'upload', 7.5)], machine(4, 3)),
    // One was replaced by another.
    take(4, [process(1, 'upload', 6.5), process(3, 'upload', 0.5)], machine(8, 5, 1)),
  ];

  test('count what each process used since the sample before, a new one from its beginning', () => {
    expect(samples.map(({ parts }) => parts['upload']?.cpuSeconds)).toEqual([0, 1.5, 2.5]);
    expect(samples.map(({ parts }) => parts['upload']?.busiest)).toEqual([0, 0.5, 0.25]);
    expect(samples.map(({ machineBusy }) => machineBusy)).toEqual([0, 0.75, 0.5]);
    expect(samples.at(-1)).toMatchObject({ machineWaiting: 0.25, parts: { upload: { processes: 2, files: 6, sockets: 2 } } });
  });

  test('tell over a stretch how many cores each part kept busy', () => {
    expect(usageBetween(samples, 0, 4)).toMatchObject({ cores: { upload: 2.5 / 4 }, machineBusy: 0.625 });
    expect(usageBetween(samples, 1, 3)).toBeUndefined();
  });
});

describe('a soak', () => {
  const mebibyte = 2 ** 20;
  const over = (memoryAt: (part: number) => number): UsageSample[] => {
    const take = usageTaker();
    return Array.from({ length: 41 }, (_, at) => take(at, [process(1, 'sync', at / 10, memoryAt(at / 40))], machine(at, at / 2)));
  };

  test('is flat where memory goes up and down, and while it warms up', () => {
    const flat = judgeFlatness(over((part) => mebibyte * (part < 0.2 ? 40 : 150 + 20 * Math.sin(part * 90))));
    expect(flat.map(({ what }) => what)).toEqual(['memoryBytes', 'sockets', 'files']);
    expect(flat.every(({ holds }) => holds)).toBe(true);
  });

  test('is not where memory grows all the time', () => {
    const [memory] = judgeFlatness(over((part) => mebibyte * (100 + 200 * part)));
    expect(memory).toMatchObject({ part: 'sync', what: 'memoryBytes', holds: false });
  });
});

describe('a stress', () => {
  const usage = {
    cores: { upload: 0.9, postgres: 0.5, k6: 0.5 },
    busiest: { upload: 0.5, k6: 0.95 },
    machineBusy: 0.97,
    machineWaiting: 0,
  };
  const step = (users: number, perSecond: number): StressStep => ({
    name: `users: ${users}`,
    users,
    requests: perSecond,
    perSecond,
    failed: 0,
    p50Ms: 1,
    p95Ms: users,
    p99Ms: 1,
    operations: perSecond,
    operationsPerSecond: perSecond,
    usage,
  });

  test('has its knee where twice as many users bring less than a tenth more', () => {
    const knee = findKnee([step(1, 50), step(2, 90), step(4, 130), step(8, 135), step(16, 120)]);
    expect(knee).toMatchObject({
      users: 4,
      perSecond: 130,
      p95Ms: 4,
      saturated: expect.stringMatching(/^the processor: 97 %.*upload 0\.90/),
    });
    expect(findKnee([])).toBeUndefined();
  });

  test('tells a single busy process from a busy machine, from a busy disk, and from waiting', () => {
    expect(saturatedBy({ ...usage, busiest: { sync: 0.93 } })).toMatch(/^one process of sync takes 93 % of a core/);
    expect(saturatedBy({ ...usage, machineBusy: 0.4, machineWaiting: 0.5 })).toMatch(/^the disk: 50 %/);
    expect(saturatedBy({ ...usage, machineBusy: 0.4 })).toMatch(/^neither processor nor disk/);
    expect(saturatedBy(undefined)).toMatch(/^unknown/);
  });

  test('gives costs: what each part used beyond idling, by operation, without the load itself', () => {
    const idle = { ...usage, cores: { upload: 0.1, postgres: 0.1, k6: 0 } };
    const [cost] = operationCosts([{ ...step(2, 100), name: 'upload' }], idle);
    expect(cost).toEqual({ operation: 'upload', operations: 100, cpuMs: { upload: 8, postgres: 4 } });
  });
});

test('a line plot scales every panel to its highest point', () => {
  const svg = linePlot('s', [
    {
      title: 'a < b',
      lines: [
        {
          name: 'upload',
          points: [
            [0, 0],
            [10, 50],
            [20, 100],
          ],
        },
      ],
    },
  ]);
  expect(svg).toContain('a &lt; b');
  expect(svg).toContain('points="60.0,150.0 325.0,90.0 590.0,30.0"');
});
