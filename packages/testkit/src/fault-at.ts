/** What a planted fault throws, so that a test can tell it from a real failure. */
export class PlantedFault extends Error {
  constructor(step: number, label: string) {
    super(`planted fault at step ${step} (${label})`);
    this.name = 'PlantedFault';
  }
}

/** Counts I/O steps and fails one of them. */
export type Faults = {
  /** Call before each I/O step; throws `PlantedFault` at the n-th call, and only then. */
  step(label?: string): void;
  /** True once the fault has been thrown. When false after a run, the run has fewer than n steps: the sweep is over. */
  readonly struck: boolean;
};

/** Fails at call `n` (from 1) of `step`. Run with n = 1, 2, 3, … until a run passes without being struck. */
export function faultAt(n: number): Faults {
  let count = 0;
  let struck = false;
  return {
    step(label = 'step') {
      count += 1;
      if (count !== n) return;
      struck = true;
      throw new PlantedFault(n, label);
    },
    get struck() {
      return struck;
    },
  };
}
