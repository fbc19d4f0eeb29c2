import type { Stat } from './ports/disk.ts';

/**
 * Kernels and file systems keep times in steps. A file whose mtime lies this close to the moment it was looked at may be
 * written once more without looking any different (git calls such a file racy). A file system that keeps whole milliseconds
 * or less may keep no more than seconds.
 */
export const coarseWindowMs = 1_000;
/** The same where a fraction of a millisecond was kept: then time goes by the kernel's clock, in steps of 1 to 16 ms. */
export const fineWindowMs = 50;

/** True when the content seen at `seenMs` can only change together with the stat. */
export function isTrusted(stat: Stat, seenMs: number): boolean {
  return Math.abs(seenMs - stat.mtimeMs) > windowMs(stat);
}

/** From when on the file can be looked at for good, if nobody writes to it. */
export function trustedFromMs(stat: Stat): number {
  return stat.mtimeMs + windowMs(stat) + 1;
}

function windowMs({ mtimeMs }: Stat): number {
  return Number.isInteger(mtimeMs) ? coarseWindowMs : fineWindowMs;
}
