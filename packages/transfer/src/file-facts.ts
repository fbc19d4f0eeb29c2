import type { BigIntStats } from 'node:fs';

/** What is compared and sent of a file besides its bytes; the time is whole milliseconds since the epoch, rounded down. */
export type FileFacts = { readonly sizeBytes: number; readonly mtimeMs: number; readonly executable: boolean };

/**
 * The facts of a file as the system tells them. Only of exact (`bigint`) times: a time in floating point can round up to
 * the next millisecond, and the same file would look changed to whoever asked the other way.
 */
export function fileFacts(stat: Pick<BigIntStats, 'size' | 'mtimeNs' | 'mode'>): FileFacts {
  return { sizeBytes: Number(stat.size), mtimeMs: mtimeMsOf(stat), executable: (stat.mode & 0o100n) !== 0n };
}

/** The whole milliseconds of a time, rounded down before 1970 too (where the system's own `mtimeMs` is rounded up). */
export function mtimeMsOf({ mtimeNs }: Pick<BigIntStats, 'mtimeNs'>): number {
  const ms = mtimeNs / 1_000_000n;
  return Number(ms * 1_000_000n > mtimeNs ? ms - 1n : ms);
}
