import { existsSync } from 'node:fs';
import { parseDriveId, parseEntryId } from '@driftbox/domain';
import { describe, expect, test } from '@jest/globals';
import {
  deathAt,
  faultAt,
  faultsEverywhere,
  manualClock,
  mortalCalls,
  newId,
  newUuid,
  PlantedFault,
  seededRandom,
  temporaryFolder,
  waitFor,
} from './index.ts';

describe('ids', () => {
  test('are version 7, in order of their times, and reproducible from a seed', () => {
    const early = newUuid({ nowMs: 1_000 });
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newUuid({ nowMs: 2_000 }) > early).toBe(true);
    expect(newUuid({ nowMs: 1, random: seededRandom(3) })).toBe(newUuid({ nowMs: 1, random: seededRandom(3) }));
    expect(newUuid()).not.toBe(newUuid());
  });

  test('pass the parser that they are made with', () => {
    expect(parseEntryId(newId(parseEntryId))).toBeDefined();
    expect(parseDriveId(newId(parseDriveId))).toBeDefined();
    expect(() => newId(() => undefined)).toThrow('parser');
  });
});

describe('the manual clock', () => {
  test('runs timers in the order of their times, each once, those that they set included', () => {
    const clock = manualClock(0);
    const ran: string[] = [];
    clock.after(20, () => ran.push(`b${clock.now()}`));
    clock.after(10, () => {
      ran.push(`a${clock.now()}`);
      clock.after(5, () => ran.push(`c${clock.now()}`));
    });
    const cancel = clock.after(12, () => ran.push('cancelled'));
    cancel();
    clock.advance(9);
    expect(ran).toEqual([]);
    clock.advance(100);
    expect(ran).toEqual(['a10', 'c15', 'b20']);
    expect(clock.now()).toBe(109);
    expect(() => clock.advance(-1)).toThrow(RangeError);
  });

  test('that jumps shows another time, and timers run when what they wait for has passed', () => {
    const clock = manualClock(1_000);
    const ran: number[] = [];
    clock.after(20, () => ran.push(clock.now()));
    clock.jump(-500);
    clock.advance(19);
    expect([clock.now(), ran]).toEqual([519, []]);
    clock.jump(86_400_000);
    expect(ran).toEqual([]);
    clock.advance(1);
    expect(ran).toEqual([86_400_520]);
  });
});

describe('planted faults', () => {
  test('strike at the n-th step, once, and a sweep over n ends', () => {
    const run = (n: number): boolean => {
      const faults = faultAt(n);
      try {
        for (let step = 0; step < 4; step += 1) faults.step();
      } catch (error) {
        expect(error).toBeInstanceOf(PlantedFault);
      }
      return faults.struck;
    };
    expect([1, 2, 3, 4, 5].map(run)).toEqual([true, true, true, true, false]);
  });

  test('a death lets no later step pass', () => {
    const faults = deathAt(2);
    faults.step();
    for (const label of ['second', 'third']) expect(() => faults.step(label)).toThrow(label);
    expect(faults.struck).toBe(true);
  });
});

describe('a sweep of faults', () => {
  test('goes over all steps, by turns in both ways, until there are none', async () => {
    const seen: [number, boolean][] = [];
    const sweep = faultsEverywhere(2, async (steps, lives) => {
      let passed = 0;
      for (let step = 0; step < 5; step += 1) {
        try {
          steps.step();
          passed += 1;
        } catch {
          if (!lives) break;
        }
      }
      seen.push([passed, lives]);
    });
    expect(await sweep).toBe(process.env['DRIFTBOX_EVERY_STEP'] === undefined ? 6 : 5);
    if (process.env['DRIFTBOX_EVERY_STEP'] !== undefined) return;
    expect(seen).toEqual([
      [0, false],
      [4, true],
      [4, false],
      [5, true],
    ]);
  });

  test('every call of what is mortal is two steps: before it, and when its answer is lost', async () => {
    let done = 0;
    class Counter {
      readonly #by = 1;
      readonly name = 'counter';
      async add(): Promise<number> {
        return (done += this.#by);
      }
    }
    const attempt = (n: number): Promise<number> => mortalCalls(new Counter(), faultAt(n)).add();
    await expect(attempt(1)).rejects.toThrow('add');
    expect(done).toBe(0);
    await expect(attempt(2)).rejects.toThrow('answer to add');
    expect(done).toBe(1);
    expect(await attempt(3)).toBe(2);
    expect(mortalCalls(new Counter(), faultAt(1)).name).toBe('counter');
  });
});

describe('waitFor', () => {
  test('answers what the condition answered, also after failures', async () => {
    let calls = 0;
    expect(await waitFor(() => (calls += 1) === 3 && 'third')).toBe('third');
    expect(await waitFor(() => ((calls += 1) > 5 ? 'ok' : Promise.reject(new Error('not yet'))))).toBe('ok');
  });

  test('gives up at its deadline with the last error', async () => {
    const failed = await waitFor(() => Promise.reject(new Error('why')), { deadlineMs: 5, what: 'the moon' }).catch(
      (error: unknown) => error,
    );
    expect((failed as Error).message).toBe('the moon did not come true within 5 ms');
    expect(((failed as Error).cause as Error).message).toBe('why');
  });
});

test('a temporary folder is gone at the end of its block', async () => {
  let path = '';
  {
    await using folder = await temporaryFolder();
    path = folder.path;
    expect(existsSync(path)).toBe(true);
  }
  expect(existsSync(path)).toBe(false);
});
