import fc from 'fast-check';
import { manualClock } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { WorkQueue } from './work-queue.ts';

type Step =
  | { readonly do: 'add' | 'retry' | 'forget'; readonly key: string; readonly low: boolean }
  | { readonly do: 'addAfter'; readonly key: string; readonly low: boolean; readonly ms: number }
  | { readonly do: 'take' }
  | { readonly do: 'done'; readonly which: number }
  | { readonly do: 'advance'; readonly ms: number };

const key = fc.constantFrom('a', 'b', 'c', 'd');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('add' as const, 'add' as const, 'retry' as const, 'forget' as const),
      key,
      low: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('addAfter' as const), key, low: fc.boolean(), ms: fc.integer({ min: -5, max: 200 }) }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'take' }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('done' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.nat(300) }) },
);

/** Plays steps, and after each says what was given out; keys wanted and not yet given are `owed`. */
class Play {
  readonly clock = manualClock();
  readonly queue = new WorkQueue<string>({ clock: this.clock, backoff: { firstMs: 7, mostMs: 100, jitter: 0.5 }, random: () => 0.5 });
  readonly working: string[] = [];
  readonly twice: string[] = [];
  /** Keys asked for since they were last given out. */
  readonly owed = new Set<string>();
  /** Given out without having been asked for. */
  readonly unasked: string[] = [];

  async play(one: Step): Promise<void> {
    if (one.do === 'advance') this.clock.advance(one.ms);
    else if (one.do === 'take') void this.queue.take().then((taken) => this.#given(taken));
    else if (one.do === 'done') this.#done(one.which);
    else if (one.do === 'forget') this.queue.forget(one.key);
    else {
      this.owed.add(one.key);
      const priority = one.low ? 'low' : 'normal';
      if (one.do === 'addAfter') this.queue.addAfter(one.key, one.ms, priority);
      else if (one.do === 'retry') this.queue.retry(one.key);
      else this.queue.add(one.key, priority);
    }
    // What was taken is told in a microtask.
    await Promise.resolve();
    await Promise.resolve();
  }

  #done(which: number): void {
    const [taken] = this.working.splice(which % Math.max(1, this.working.length), 1);
    if (taken !== undefined) this.queue.done(taken);
  }

  #given(taken: string | undefined): void {
    if (taken === undefined) return;
    if (this.working.includes(taken)) this.twice.push(taken);
    if (!this.owed.delete(taken) && !this.delayed.has(taken)) this.unasked.push(taken);
    this.working.push(taken);
  }

  /** Keys that may come once more for a delay that was asked for before they were last given out. */
  readonly delayed = new Set<string>();
}

test('whatever is added, delayed, retried and done in whatever order: no key is in work twice, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const play = new Play();
      for (const one of steps) {
        if (one.do === 'addAfter' || one.do === 'retry') play.delayed.add(one.key);
        await play.play(one);
      }
      // Everything that was asked for comes within the longest delay, once there are takers and what is in work is done.
      for (let round = 0; round < 12; round += 1) {
        await play.play({ do: 'advance', ms: 300 });
        await play.play({ do: 'take' });
        while (play.working.length > 0) await play.play({ do: 'done', which: 0 });
      }
      expect({ twice: play.twice, lost: [...play.owed], unasked: play.unasked }).toEqual({ twice: [], lost: [], unasked: [] });
    }),
    { numRuns: 200 },
  );
});
