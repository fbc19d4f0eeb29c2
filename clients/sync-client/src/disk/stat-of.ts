import { lstatSync, readlinkSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import type { Stat } from '../ports/disk.ts';

/** What of a file system decides how its stats are read. */
export type StatTraits = { readonly keepsBirthTimes: boolean };

/** What the system says of `stats`, without the target of a symlink. */
export function statOf(stats: BigIntStats, { keepsBirthTimes }: StatTraits): Stat {
  return {
    kind: kindOf(stats),
    identity: `${stats.dev}:${stats.ino}:${keepsBirthTimes ? stats.birthtimeNs : 0n}`,
    sizeBytes: Number(stats.size),
    mtimeMs: milliseconds(stats.mtimeMs, stats.mtimeNs),
    ctimeMs: milliseconds(stats.ctimeMs, stats.ctimeNs),
    executable: (stats.mode & 0o100n) !== 0n,
  };
}

/** The stat at an absolute path, never through a link there; `undefined` when there is nothing. Throws what else the system says. */
export function statAt(absolute: string, traits: StatTraits): Stat | undefined {
  const stats = lstatSync(absolute, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const stat = statOf(stats, traits);
  return stat.kind === 'symlink' ? { ...stat, target: readlinkSync(absolute) } : stat;
}

/**
 * True if what is there now is what was seen then. A folder is the same whatever came and went in it, a symlink while it
 * leads to the same place, and a file only if nobody touched it in any way, which its change time tells.
 */
export function isSame(then: Stat, now: Stat | undefined): boolean {
  return isSameContent(then, now) && (then.kind !== 'file' || then.ctimeMs === now?.ctimeMs);
}

/** The same, except that it may have been given another place meanwhile, which moves its change time. */
export function isSameContent(then: Stat, now: Stat | undefined): boolean {
  if (now === undefined || then.kind !== now.kind || then.identity !== now.identity) return false;
  if (then.kind === 'symlink') return then.target === now.target;
  return then.kind === 'folder' || (then.sizeBytes === now.sizeBytes && then.mtimeMs === now.mtimeMs);
}

function kindOf(stats: BigIntStats): Stat['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

/** Whole milliseconds and what is left of the nanoseconds, kept from rounding up to the next millisecond. */
function milliseconds(whole: bigint, exact: bigint): number {
  return Number(whole) + Math.min(Number(exact - whole * 1_000_000n) / 1e6, 0.9995);
}
