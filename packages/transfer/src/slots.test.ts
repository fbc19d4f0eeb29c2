import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Slots } from './slots.ts';

test('never runs more at once than it may, and runs everything', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(3), { maxLength: 30 }), async (most, turns) => {
      const slots = new Slots(most);
      let [running, peak, done] = [0, 0, 0];
      for (const count of turns) {
        void (await slots.start(async () => {
          running += 1;
          peak = Math.max(peak, running);
          for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
          running -= 1;
          done += 1;
        }));
      }
      await slots.drain();
      expect(done).toBe(turns.length);
      expect(peak).toBeLessThanOrEqual(most);
    }),
  );
});

test('tells the first failure at the end, and to whoever starts more', async () => {
  const slots = new Slots(1);
  const fail = (message: string) => () => Promise.reject(new Error(message));
  const [first] = await slots.start(fail('first'));
  await expect(first).rejects.toThrow('first');
  await expect(slots.start(fail('second'))).rejects.toThrow('first');
  await expect(slots.drain()).rejects.toThrow('first');
});
