/** What a planted fault throws, so that a test can tell it from a real failure. */
export class PlantedFault extends Error {
  constructor(step: number, label: string) {
    super(`planted fault at step ${step} (${label})`);
    this.name = 'PlantedFault';
  }
}

/** Counts I/O steps and fails one of them. */
export type Faults = {
  /** Call before each I/O step; throws `PlantedFault` where it is to fail. */
  step(label?: string): void;
  /** True once the fault has been thrown. When false after a run, the run has fewer than n steps: the sweep is over. */
  readonly struck: boolean;
};

/** Fails at call `n` (from 1) of `step`. Run with n = 1, 2, 3, … until a run passes without being struck. */
export function faultAt(n: number): Faults {
  return failing((count) => count === n);
}

/** Fails at call `n` of `step` and at every later one, as in a process that died there. */
export function deathAt(n: number): Faults {
  return failing((count) => count >= n);
}

function failing(fails: (count: number) => boolean): Faults {
  let count = 0;
  let struck = false;
  return {
    step(label = 'step') {
      count += 1;
      if (!fails(count)) return;
      struck = true;
      throw new PlantedFault(count, label);
    },
    get struck() {
      return struck;
    },
  };
}

/** Of a test that goes wrong at its steps, in milliseconds: an hour where it is each of them. */
export const faultsTimeoutMs = process.env['DRIFTBOX_EVERY_STEP'] === undefined ? 600_000 : 3_600_000;

/**
 * From one step at which something dies to the next that is tried: each where `DRIFTBOX_EVERY_STEP` says so, as `accept` does, and
 * `usual` steps in the tests that run every day.
 */
export function stepsBetweenDeaths(usual: number): number {
  return process.env['DRIFTBOX_EVERY_STEP'] === undefined ? usual : 1;
}

/**
 * Lets a run go wrong at its step 1, 2, 3… until one has no such step; answers how many steps that are. A call fails and the process lives
 * on (`lives`), or it dies there: both at each step where `DRIFTBOX_EVERY_STEP` says so, by turns at every `usual`-th in the tests of
 * every day.
 */
export async function faultsEverywhere(usual: number, run: (steps: Faults, lives: boolean) => Promise<unknown>): Promise<number> {
  const between = stepsBetweenDeaths(usual);
  for (let [n, turn] = [1, 0]; ; n += between, turn += 1) {
    let struck = false;
    for (const lives of between === 1 ? [true, false] : [turn % 2 === 1]) {
      const steps = lives ? faultAt(n) : deathAt(n);
      await run(steps, lives);
      struck ||= steps.struck;
    }
    if (!struck) return n - 1;
  }
}

/** Counts no steps but those whose label matches; who has died there is dead at all others, too. */
export function onlyAt(label: RegExp, steps: Faults): Faults {
  return {
    step: (at = '') => (steps.struck || label.test(at) ? steps.step(at) : undefined),
    get struck() {
      return steps.struck;
    },
  };
}
