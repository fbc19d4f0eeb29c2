/** Median, smallest and largest of some numbers (at least one). */
export function summary(values: readonly number[]): { median: number; min: number; max: number } {
  if (values.length === 0) throw new RangeError('nothing was measured');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** What a row tells of the figures that were measured, without a baseline. */
export function figuresOf(values: readonly number[]): { value: number; min: number; max: number } {
  const { median, min, max } = summary(values);
  return { value: median, min, max };
}

/**
 * Runs subject and baseline in turns (A B B A A B ...), so that a machine that grows slower or warmer is unfair to
 * neither. Each run answers its figure, larger or smaller being the caller's business; `round` counts from 0.
 */
export async function interleave(
  rounds: number,
  subject: (round: number) => Promise<number>,
  baseline: (round: number) => Promise<number>,
): Promise<{ value: number; baseline: number; min: number; max: number }> {
  const a: number[] = [];
  const b: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const subjectFirst = round % 2 === 0;
    if (subjectFirst) a.push(await subject(round));
    b.push(await baseline(round));
    if (!subjectFirst) a.push(await subject(round));
  }
  return { ...figuresOf(a), baseline: summary(b).median };
}

/** Seconds that `work` took. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}
