import type { Stat } from './ports/disk.ts';

/**
 * File systems and kernels keep times in steps of up to a second. A file whose mtime lies this close to the moment it was
 * looked at may be written once more without looking any different (git calls such a file racy).
 */
export const racyWindowMs = 1_000;

/** True when the content seen at `seenMs` can only change together with the stat. */
export function isTrusted(stat: Stat, seenMs: number): boolean {
  return Math.abs(seenMs - stat.mtimeMs) > racyWindowMs;
}

/** From when on the file can be looked at for good, if nobody writes to it. */
export function trustedFromMs(stat: Stat): number {
  return stat.mtimeMs + racyWindowMs + 1;
}
