import { Registry } from 'prom-client';
import { manualClock, type ManualClock } from '@driftbox/testkit';
import { beforeEach, expect, test } from '@jest/globals';
import { turn } from '../../testing/turn.ts';
import { ApiRefused } from '../api/answer.ts';
import { keyOf } from '../api/object-key.ts';
import { createQueueMetrics } from '../queue/queue-metrics.ts';
import { createControllerMetrics } from './controller-metrics.ts';
import { Controller, type ControllerOptions } from './controller.ts';
import { TerminalError, type PassContext, type Reconciled } from './reconciled.ts';

const [a, b] = [keyOf({ name: 'a' }), keyOf({ name: 'b' })];
let clock: ManualClock;
let registry: Registry;
let passes: string[];
let reconcile: (key: string, context: PassContext) => Promise<Reconciled>;

beforeEach(() => {
  clock = manualClock();
  registry = new Registry();
  passes = [];
  reconcile = async () => ({ kind: 'settled' });
});

function begin(options: Partial<ControllerOptions> = {}): Controller {
  const controller = new Controller({
    name: 'quota',
    reconcile: (key, context) => {
      passes.push(key);
      return reconcile(key, context);
    },
    clock,
    random: () => 0.5,
    metrics: createControllerMetrics(registry),
    queue: { measure: createQueueMetrics(registry)('quota'), backoff: { firstMs: 100, mostMs: 1_000, jitter: 0 } },
    ...options,
  });
  controller.start();
  return controller;
}
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await turn();
}
const sample = async (line: string): Promise<boolean> => (await registry.metrics()).split('\n').includes(line);

test('keys added before the start wait for it', async () => {
  const controller = new Controller({ name: 'x', clock, reconcile: async (key) => (passes.push(key), { kind: 'gone' }) });
  controller.add(a);
  await turn();
  expect(passes).toEqual([]);
  controller.start();
  await turn();
  expect(passes).toEqual(['a']);
});

test('a settled key is looked at again at the regular interval, one that is gone is not', async () => {
  reconcile = async (key) => ({ kind: key === 'a' ? 'settled' : 'gone' });
  const controller = begin({ regularMs: 10_000 });
  controller.add(a);
  controller.add(b);
  await pass(0);
  await pass(9_000);
  expect(passes).toEqual(['a', 'b']);
  await pass(1_000);
  expect(passes).toEqual(['a', 'b', 'a']);
});

test('an error is tried again later each time, success begins anew', async () => {
  const outcomes = ['x', 'x', 'ok', 'x'];
  reconcile = async () => {
    if (outcomes.shift() === 'x') throw new Error('not yet');
    return { kind: 'gone' };
  };
  const controller = begin();
  controller.add(a);
  const count: number[] = [];
  for (const ms of [0, 99, 1, 199, 1]) {
    await pass(ms);
    count.push(passes.length);
  }
  expect(count).toEqual([1, 1, 2, 2, 3]);
  controller.add(a);
  await pass(0);
  await pass(100);
  expect(passes).toHaveLength(5);
  expect(await sample('controller_runtime_reconcile_errors_total{controller="quota"} 3')).toBe(true);
  expect(await sample('workqueue_retries_total{name="quota",controller="quota"} 3')).toBe(true);
});

test('a conflict comes again in a second and counts as no error; a terminal error comes only when somebody changes something', async () => {
  const errors = [new ApiRefused({ kind: 'conflict', code: 409, reason: '', message: '' }, 'writing'), new TerminalError('bad spec')];
  reconcile = async () => {
    throw errors.shift() ?? new Error('one pass too many');
  };
  const controller = begin();
  controller.add(a);
  await pass(0);
  await pass(999);
  expect(passes).toHaveLength(1);
  await pass(1);
  expect(passes).toHaveLength(2);
  await pass(3_600_000);
  expect(passes).toHaveLength(2);
  expect(await sample('controller_runtime_reconcile_total{controller="quota",result="requeue"} 1')).toBe(true);
  expect(await sample('controller_runtime_reconcile_errors_total{controller="quota"} 1')).toBe(true);
  expect(await sample('controller_runtime_terminal_reconcile_errors_total{controller="quota"} 1')).toBe(true);
});

test('a key whose pass met a server that is too busy waits for as long as that asks', async () => {
  const busy = new ApiRefused({ kind: 'tooManyRequests', code: 429, reason: '', message: '', retryAfterMs: 7_000 }, 'writing');
  reconcile = async () => {
    throw busy;
  };
  const controller = begin();
  controller.add(a);
  await pass(0);
  await pass(6_999);
  expect(passes).toHaveLength(1);
  await pass(1);
  expect(passes).toHaveLength(2);
});

test('no more workers than allowed, and never two for one key', async () => {
  const open: (() => void)[] = [];
  reconcile = () => new Promise((resolve) => open.push(() => resolve({ kind: 'gone' })));
  const controller = begin({ workers: 2 });
  for (const name of ['a', 'b', 'c', 'a']) controller.add(keyOf({ name }));
  await pass(0);
  controller.add(a);
  expect(passes).toEqual(['a', 'b']);
  expect(await sample('controller_runtime_active_workers{controller="quota"} 2')).toBe(true);
  expect(await sample('workqueue_depth{name="quota",controller="quota",priority="normal"} 1')).toBe(true);
  open.shift()?.();
  await pass(0);
  expect(passes).toEqual(['a', 'b', 'c']);
  open.shift()?.();
  await pass(0);
  expect(passes).toEqual(['a', 'b', 'c', 'a']);
});

test('a pass that takes too long is told to end, and counted', async () => {
  reconcile = (_key, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const controller = begin({ passTimeoutMs: 5_000 });
  controller.add(a);
  await pass(0);
  await pass(5_000);
  expect(await sample('controller_runtime_reconcile_timeouts_total{controller="quota"} 1')).toBe(true);
  expect(controller.failure).toBeUndefined();
});

test('a worker that does not end when told to shows', async () => {
  reconcile = () => new Promise(() => {});
  const controller = begin({ passTimeoutMs: 5_000 });
  controller.add(a);
  await pass(0);
  await pass(65_001);
  expect(controller.failure).toBe('a worker of the controller quota is stuck');
});

test('stopping waits for the passes under way and begins no other', async () => {
  let finish: (() => void) | undefined;
  let wasAborted = false;
  reconcile = (_key, { signal }) => {
    signal.addEventListener('abort', () => (wasAborted = true));
    return new Promise((resolve) => (finish = () => resolve({ kind: 'settled' })));
  };
  const controller = begin({ workers: 1 });
  controller.add(a);
  controller.add(b);
  await pass(0);
  let isStopped = false;
  const stopped = controller.stop(10_000).then(() => (isStopped = true));
  await pass(9_000);
  expect([isStopped, wasAborted]).toEqual([false, false]);
  finish?.();
  await stopped;
  await pass(3_600_000);
  expect(passes).toEqual(['a']);
});

test('a pass that does not end in time is told that the process ends', async () => {
  reconcile = (_key, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const controller = begin();
  controller.add(a);
  await pass(0);
  const stopped = controller.stop(10_000);
  await pass(10_000);
  await stopped;
});
