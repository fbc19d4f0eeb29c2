import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { createMemoryBus } from './index.ts';
import { testEvent } from './testing/test-event.ts';

/** One event: its key, and how often each of two groups fails it before it succeeds; 3 failures are final. */
const events = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), failures: fc.tuple(fc.nat(4), fc.nat(4)) }), { maxLength: 25 });

test("whatever fails and however often: each group handles or buries each event once, and keeps each key's order", async () => {
  await fc.assert(
    fc.asyncProperty(events, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 30 }), async (script, members, queueLimit) => {
      const bus = createMemoryBus({ maxAttempts: 3, retryDelayMs: 0, queueLimit });
      const handled: number[][] = [[], []];
      for (const [group, list] of handled.entries()) {
        for (let member = 0; member < members; member += 1) {
          await bus.subscribe({
            group: String(group),
            topics: ['t'],
            concurrency: 2,
            handler: async (event, { attempt }) => {
              if (attempt <= (script[event.data as number]?.failures[group] ?? 0)) throw new Error('scripted');
              list.push(event.data as number);
            },
          });
        }
      }
      const published = script.map(({ key }, id) =>
        bus.publish('t', key, testEvent(id, { id: String(id), source: '/laws', partitionkey: key })).then(
          () => id,
          () => undefined,
        ),
      );
      const accepted = new Set(await Promise.all(published));
      expect(accepted.size).toBeGreaterThanOrEqual(Math.min(script.length, queueLimit));
      const letters = await bus.deadLetters(1_000);
      for (const [group, list] of handled.entries()) {
        const fails = (id: number): boolean => (script[id]?.failures[group] ?? 0) >= 3;
        const ids = script.map((_, id) => id).filter((id) => accepted.has(id));
        for (const key of ['a', 'b', 'c']) {
          const ofKey = (id: number): boolean => script[id]?.key === key;
          expect(list.filter(ofKey)).toEqual(ids.filter((id) => ofKey(id) && !fails(id)));
        }
        const buried = letters.filter((letter) => letter.group === String(group)).map((letter) => letter.event.data as number);
        expect(buried.sort((a, b) => a - b)).toEqual(ids.filter(fails));
      }
      await bus.close();
    }),
    { numRuns: 60 },
  );
});
