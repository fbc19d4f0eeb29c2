import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitFor } from '@driftbox/testkit';
import { BusUnavailable, type CloudEvent, type EventBus } from './index.ts';

export { hintBusConformance } from './hint-bus-conformance.ts';

/** What a bus under test is made with: it gives up after `maxAttempts`, and hardly waits between them. */
export type BusSettings = {
  readonly maxAttempts: number;
  readonly retryDelayMs: number;
  /** Events that publishers may have given it and that it has not taken yet. */
  readonly queueLimit?: number;
};

/** Lets a group that has no member at the time go on from an offset of every partition, or from what was published at a time. */
export type Rewind = (wanted: {
  readonly group: string;
  readonly topic: string;
  readonly to: { readonly offset: number } | { readonly timeMs: number };
}) => Promise<unknown>;

/**
 * What every event bus must do, whatever carries the events. `open` makes a bus; each test names a topic of its own, so
 * that a broker shared by tests needs no cleaning. A bus that keeps events says by `rewind` how a group is given them again.
 */
export function eventBusConformance(name: string, open: (settings: BusSettings) => Promise<EventBus>, rewind?: Rewind): void {
  let bus: EventBus;
  let topic: string;
  let group: string;
  let seen: unknown[];

  const eventOf = (data: unknown, key = 'k'): CloudEvent => ({
    specversion: '1.0',
    id: randomUUID(),
    source: '/conformance',
    type: 'test',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenant: '0197a000-0000-7000-8000-000000000001',
    partitionkey: key,
    data,
  });
  const publish = (data: unknown, key = 'k'): Promise<void> => bus.publish(topic, key, eventOf(data, key));
  const note = async (event: CloudEvent): Promise<void> => void seen.push(event.data);

  beforeEach(async () => {
    topic = `test.${randomUUID()}`;
    group = `group.${randomUUID()}`;
    seen = [];
    bus = await open({ maxAttempts: 3, retryDelayMs: 1 });
  });
  afterEach(() => bus.close());

  describe(`${name}: delivery`, () => {
    test('an event arrives as it was published, with its topic and key', async () => {
      const event = eventOf({ deep: [1, { a: 'ä' }] });
      const got: unknown[] = [];
      await bus.subscribe({
        group,
        topics: [topic],
        handler: async (received, { topic: on, key, attempt }) => void got.push([received, on, key, attempt]),
      });
      await bus.publish(topic, 'k', event);
      await waitFor(() => got.length > 0);
      expect(got[0]).toEqual([event, topic, 'k', 1]);
    });

    test('every group gets every event of its topics, and of no other', async () => {
      const other: unknown[] = [];
      await bus.subscribe({ group, topics: [topic], handler: note });
      await bus.subscribe({ group: `${group}-2`, topics: [topic, `${topic}.b`], handler: async (event) => void other.push(event.data) });
      await publish(1);
      await bus.publish(`${topic}.b`, 'k', eventOf(2));
      await waitFor(() => other.length === 2 && seen.length === 1);
      expect([seen, other]).toEqual([[1], [1, 2]]);
    });

    test('one event goes to one member of a group', async () => {
      const by = new Map<string, number[]>([
        ['a', []],
        ['b', []],
      ]);
      for (const [member, list] of by) {
        await bus.subscribe({
          group,
          topics: [topic],
          handler: async (event) => void list.push(event.data as number),
          ...(member === 'b' ? { concurrency: 1 } : {}),
        });
      }
      await Promise.all(Array.from({ length: 40 }, (_, n) => publish(n, `key-${n}`)));
      await waitFor(() => [...by.values()].flat().length >= 40);
      expect([...by.values()].flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    });

    test('an event that no group wants is no obstacle', async () => {
      await publish("nobody's");
      await bus.subscribe({ group, topics: [`${topic}.b`], handler: note });
      await publish("nobody's either");
      expect(seen).toEqual([]);
    });
  });

  describe(`${name}: order`, () => {
    test("per key, whatever the handlers' durations, and one at a time", async () => {
      const running = new Map<string, number>();
      const byKey: Record<string, number[]> = { a: [], b: [], c: [] };
      const gates = new Map<string, () => void>();
      await bus.subscribe({
        group,
        topics: [topic],
        handler: async (event, { key }) => {
          running.set(key, (running.get(key) ?? 0) + 1);
          expect(running.get(key)).toBe(1);
          await new Promise<void>((resolve) => gates.set(`${key}${String(event.data)}`, resolve));
          byKey[key]?.push(event.data as number);
          running.set(key, 0);
        },
      });
      const published = Promise.all([0, 1, 2].flatMap((n) => ['a', 'b', 'c'].map((key) => publish(n, key))));
      for (const turn of ['c0', 'c1', 'c2', 'a0', 'b0', 'b1', 'a1', 'a2', 'b2']) (await waitFor(() => gates.get(turn)))();
      await published;
      await waitFor(() => Object.values(byKey).flat().length === 9);
      expect(byKey).toEqual({ a: [0, 1, 2], b: [0, 1, 2], c: [0, 1, 2] });
    });

    test('a failing event holds back its key until it succeeds, and no other key', async () => {
      let failures = 2;
      await bus.subscribe({
        group,
        topics: [topic],
        handler: async (event, { key, attempt }) => {
          if (event.data === 'bad' && failures-- > 0) throw new Error(`attempt ${attempt}`);
          seen.push(`${key}:${String(event.data)}`);
        },
      });
      await Promise.all([publish('bad', 'x'), publish('after', 'x'), publish('fine', 'y')]);
      await waitFor(() => seen.length === 3);
      expect(seen.filter((one) => String(one).startsWith('x'))).toEqual(['x:bad', 'x:after']);
      expect(seen).toContain('y:fine');
    });
  });

  describe(`${name}: back pressure`, () => {
    test('a full bus makes publishers wait, refuses beyond that, and keeps the order of a key', async () => {
      const narrow = await open({ maxAttempts: 3, retryDelayMs: 1, queueLimit: 2 });
      const hold = Promise.withResolvers<void>();
      try {
        await narrow.subscribe({ group, topics: [topic], handler: async (event) => (await hold.promise, note(event)) });
        // Nothing is taken before all have come: a handler holds it up, or the broker's answer takes a turn at least.
        const published = [1, 2, 3, 4, 5, 6].map((n) => narrow.publish(topic, 'k', eventOf(n)));
        const settled = Promise.allSettled(published);
        await expect(Promise.any(published.slice(4))).rejects.toMatchObject({
          errors: [expect.any(BusUnavailable), expect.any(BusUnavailable)],
        });
        hold.resolve();
        expect((await settled).map(({ status }) => status)).toEqual([...Array(4).fill('fulfilled'), ...Array(2).fill('rejected')]);
        await waitFor(() => seen.length >= 4);
        expect(seen).toEqual([1, 2, 3, 4]);
        await narrow.publish(topic, 'k', eventOf(7));
        await waitFor(() => seen.includes(7));
      } finally {
        hold.resolve();
        await narrow.close();
      }
    });
  });

  if (rewind !== undefined) {
    describe(`${name}: replay`, () => {
      test('a group goes on from an earlier offset or time, and gets again what came since in its order', async () => {
        const follow = () => bus.subscribe({ group, topics: [topic], handler: note });
        const seenInAll = (count: number) => waitFor(() => seen.length === count, { deadlineMs: 20_000 });
        const first = await follow();
        for (const n of [1, 2]) await publish(n);
        await seenInAll(2);
        const timeMs = Date.now() + 1;
        await waitFor(() => Date.now() > timeMs);
        await publish(3);
        await seenInAll(3);
        await first.stop();
        await rewind({ group, topic, to: { offset: 0 } });
        const second = await follow();
        await seenInAll(6);
        await second.stop();
        await rewind({ group, topic, to: { timeMs } });
        const third = await follow();
        await seenInAll(7);
        await third.stop();
        expect(seen).toEqual([1, 2, 3, 1, 2, 3, 3]);
      }, 90_000);
    });
  }

  describe(`${name}: dead letters`, () => {
    test('what always fails is kept with its cause, and the key goes on; replayed, it is handled and forgotten', async () => {
      let broken = true;
      let attempts = 0;
      await bus.subscribe({
        group,
        topics: [topic],
        handler: async (event) => {
          if (event.data === 'bad' && broken) {
            attempts += 1;
            throw new Error('cannot read it');
          }
          await note(event);
        },
      });
      await Promise.all([publish('bad'), publish('next')]);
      const letter = await waitFor(async () => (await bus.deadLetters(1_000)).find((one) => one.group === group));
      expect(letter).toMatchObject({ group, topic, key: 'k', cause: 'cannot read it', attempts: 3, event: { data: 'bad' } });
      expect(attempts).toBe(3);
      await waitFor(() => seen.includes('next'));
      expect(await bus.replay(letter.id)).toBe('failed');
      broken = false;
      expect(await bus.replay(letter.id)).toBe('handled');
      await waitFor(() => seen.includes('bad'));
      expect((await bus.deadLetters(1_000)).filter((one) => one.group === group)).toEqual([]);
      expect(await bus.replay(letter.id)).toBe('not_found');
    });

    test("one group's dead letter is not another's", async () => {
      await bus.subscribe({ group, topics: [topic], handler: () => Promise.reject(new Error('no')) });
      await bus.subscribe({ group: `${group}-2`, topics: [topic], handler: note });
      await publish(1);
      await waitFor(async () => (await bus.deadLetters(1_000)).some((one) => one.group === group));
      await waitFor(() => seen.length === 1);
      expect((await bus.deadLetters(1_000)).some((one) => one.group === `${group}-2`)).toBe(false);
    });
  });

  describe(`${name}: stopping`, () => {
    test('a stopped subscription waits for what it handles, and the rest of the group takes over', async () => {
      const hold = Promise.withResolvers<void>();
      let started = false;
      const first = await bus.subscribe({
        group,
        topics: [topic],
        handler: async (event) => {
          started = true;
          await hold.promise;
          seen.push(`first ${String(event.data)}`);
        },
      });
      const published = publish(1);
      await waitFor(() => started);
      const stopped = first.stop().then(() => seen.push('stopped'));
      hold.resolve();
      await Promise.all([stopped, published]);
      expect(seen).toEqual(['first 1', 'stopped']);
      const later = publish(2);
      await bus.subscribe({ group, topics: [topic], handler: async (event) => void seen.push(`second ${String(event.data)}`) });
      await later;
      await waitFor(() => seen.length === 3);
      expect(seen[2]).toBe('second 2');
    });

    test('a closed bus refuses events', async () => {
      await bus.subscribe({ group, topics: [topic], handler: note });
      await publish(1);
      await waitFor(() => seen.length === 1);
      await bus.close();
      await expect(publish(2)).rejects.toBeInstanceOf(BusUnavailable);
      expect(seen).toEqual([1]);
    });
  });
}
