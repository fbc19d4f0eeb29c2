import { manualClock, type ManualClock } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { WorkQueue } from './work-queue.ts';

const backoff = { firstMs: 10, mostMs: 80, jitter: 0 };
const queueOn = (clock: ManualClock): WorkQueue<string> => new WorkQueue<string>({ clock, backoff, random: () => 0 });

/** Takes until nothing is ready; what waits for a key then is answered later. */
class Taker {
  readonly taken: string[] = [];
  readonly #queue: WorkQueue<string>;

  constructor(queue: WorkQueue<string>) {
    this.#queue = queue;
  }

  async take(): Promise<string | undefined> {
    const key = await this.#queue.take();
    if (key !== undefined) this.taken.push(key);
    return key;
  }
}

test('a key that is added many times before it is taken is taken once', async () => {
  const queue = queueOn(manualClock());
  for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
  expect(queue.depth).toBe(2);
  expect([await queue.take(), await queue.take()]).toEqual(['a', 'b']);
});

test('a key that is added while it is worked on comes again afterwards, not before', async () => {
  const queue = queueOn(manualClock());
  queue.add('a');
  await queue.take();
  queue.add('a');
  queue.add('a');
  const taker = new Taker(queue);
  const next = taker.take();
  await Promise.resolve();
  expect(taker.taken).toEqual([]);
  queue.done('a');
  expect(await next).toBe('a');
});

test('what nobody waits for comes last, but it comes', async () => {
  const queue = queueOn(manualClock());
  queue.add('resync', 'low');
  for (let number = 0; number < 20; number += 1) queue.add(`edit-${number}`);
  const order = await Promise.all(Array.from({ length: 21 }, () => queue.take()));
  expect(order[0]).toBe('edit-0');
  expect(order.indexOf('resync')).toBe(9);
});

test('a key of low priority that somebody edits moves up', async () => {
  const queue = queueOn(manualClock());
  for (const key of ['a', 'b', 'c']) queue.add(key, 'low');
  queue.add('c');
  expect(await queue.take()).toBe('c');
});

test('retries wait twice as long each time, until they are forgotten', async () => {
  const clock = manualClock();
  const queue = queueOn(clock);
  const waits: number[] = [];
  for (let time = 0; time < 6; time += 1) {
    const startedMs = clock.now();
    if (time === 5) queue.forget('a');
    queue.retry('a');
    const taken = queue.take();
    while (queue.longestWorkMs === 0 && clock.now() - startedMs < 200) {
      clock.advance(10);
      if (await Promise.race([taken, Promise.resolve()])) break;
    }
    waits.push(clock.now() - startedMs);
    queue.done('a');
  }
  expect(waits).toEqual([10, 20, 40, 80, 80, 10]);
});

test('all retries together keep to their rate', async () => {
  const clock = manualClock();
  const queue = new WorkQueue<string>({ clock, backoff: { firstMs: 1, mostMs: 1, jitter: 0 }, retryRate: { perSecond: 10, burst: 5 } });
  for (let number = 0; number < 25; number += 1) queue.retry(`key-${number}`);
  clock.advance(1);
  expect(queue.depth).toBe(5);
  clock.advance(1_000);
  expect(queue.depth).toBe(15);
  clock.advance(1_000);
  expect(queue.depth).toBe(25);
});

test('a key that is delayed twice comes once, at the earlier time', () => {
  const clock = manualClock();
  const queue = queueOn(clock);
  queue.addAfter('a', 100, 'low');
  queue.addAfter('a', 50);
  queue.addAfter('a', 200);
  clock.advance(49);
  expect(queue.depth).toBe(0);
  clock.advance(1);
  expect(queue.depth).toBe(1);
  clock.advance(500);
  expect(queue.depth).toBe(1);
});

test('a closed queue gives and takes nothing, and lets go of those who wait', async () => {
  const clock = manualClock();
  const queue = queueOn(clock);
  queue.add('in work');
  await queue.take();
  const waiting = queue.take();
  queue.addAfter('later', 10);
  queue.close();
  expect(await waiting).toBeUndefined();
  queue.add('late');
  queue.done('in work');
  clock.advance(100);
  expect(queue.depth).toBe(0);
  expect(await queue.take()).toBeUndefined();
});

test('only what was taken can be done', () => {
  expect(() => queueOn(manualClock()).done('a')).toThrow('a was not taken');
});
