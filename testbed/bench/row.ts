import type { BenchWorld } from './bench-world.ts';
import type { OperatorWorld } from './operator/operator-world.ts';

/** What one row of the benchmark table found. `value` and `baseline` are medians in `unit`, `ratio` is value / baseline. */
export type Measured = {
  readonly value: number;
  readonly baseline?: number | undefined;
  readonly min: number;
  readonly max: number;
  /** What the numbers do not say: CPU seconds, what was skipped, machine's mood. */
  readonly note?: string | undefined;
};

/** What a row of the benchmark table (docs/performance.md) is about. */
export type RowHead = {
  readonly row: number;
  readonly name: string;
  readonly unit: string;
  /** Whether `must` and `aim` speak of the ratio to the baseline or of the value, and which way is good. */
  readonly judged: 'ratio' | 'value';
  readonly better: 'higher' | 'lower';
  readonly must: number;
  readonly aim: number;
};

/** A row that measures DriftBox as its users have it. */
export type Row = RowHead & {
  /** Measures on a world of its own; asserts that the work was done correctly before it answers a time. */
  readonly measure: (world: BenchWorld, options: RowOptions) => Promise<Measured | Skipped>;
};

/** A row that measures the operator, beside an API server that all such rows share. */
export type OperatorRow = RowHead & { readonly measureOperator: (world: OperatorWorld) => Promise<Measured> };

/** What the command line may change. */
export type RowOptions = {
  /** How long an idle client is watched. */
  readonly minutes: number;
};

/** The row cannot run on this machine. */
export type Skipped = { readonly skipped: string };

/** One line of `--json`. */
export type Result = {
  readonly row: number;
  readonly name: string;
  readonly unit: string;
  readonly value?: number | undefined;
  readonly baseline?: number | undefined;
  readonly ratio?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly must: number;
  readonly aim: number;
  readonly verdict: 'aim' | 'must' | 'short' | 'skipped' | 'failed';
  readonly note?: string | undefined;
};

/** The verdict over one measurement. */
export function judge(row: RowHead, measured: Measured | Skipped): Result {
  const { row: number, name, unit, must, aim } = row;
  if ('skipped' in measured) return { row: number, name, unit, must, aim, verdict: 'skipped', note: measured.skipped };
  const ratio = measured.baseline === undefined ? undefined : measured.value / measured.baseline;
  const judged = row.judged === 'ratio' ? ratio : measured.value;
  if (judged === undefined) throw new Error(`row ${number} is judged by a ratio but has no baseline`);
  const reaches = (target: number) => (row.better === 'higher' ? judged >= target : judged <= target);
  const verdict = reaches(aim) ? 'aim' : reaches(must) ? 'must' : 'short';
  return { row: number, name, unit, ...measured, ratio, must, aim, verdict };
}
