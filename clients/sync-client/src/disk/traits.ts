import { chmodSync, linkSync, lstatSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseName } from '@driftbox/domain';
import type { NameRules } from '@driftbox/sync-core';

/** What the file system of a synced folder can and cannot do, as it showed when it was tried. */
export type Traits = {
  /** `readme` and `README` are two names. */
  readonly tellsCases: boolean;
  /** A file keeps the time at which it was made, whatever happens to it. */
  readonly keepsBirthTimes: boolean;
  /** A file can have a second name: then it can be given a place without ever replacing what is there. */
  readonly hasLinks: boolean;
};

/** Tries it, with files that are gone afterwards. Throws what the file system says if none can be made. */
export function probeTraits(folder: string): Traits {
  const lower = path.join(folder, `probe-${process.pid}-a`);
  const upper = path.join(folder, `probe-${process.pid}-A`);
  const second = `${lower}-second`;
  for (const file of [lower, upper, second]) rmSync(file, { force: true });
  writeFileSync(lower, '');
  try {
    const made = lstatSync(lower, { bigint: true }).birthtimeNs;
    // A birth time that moves with these is another time under that name.
    utimesSync(lower, 1, 1);
    chmodSync(lower, 0o600);
    const kept = lstatSync(lower, { bigint: true }).birthtimeNs;
    const tellsCases = lstatSync(upper, { throwIfNoEntry: false }) === undefined;
    return { tellsCases, keepsBirthTimes: made !== 0n && made === kept, hasLinks: canLink(lower, second) };
  } finally {
    for (const file of [lower, second]) rmSync(file, { force: true });
  }
}

function canLink(file: string, second: string): boolean {
  try {
    linkSync(file, second);
    return true;
  } catch {
    return false;
  }
}

/** The folder in which DriftBox keeps its own things inside a synced folder; never synced, wherever it is. */
export const ownFolder = '.driftbox';
/** Within it: what a pass has put out of the way. */
export const stashFolder = 'stash';

/** True for a name that is DriftBox's own, to whatever file system. */
export function isOwnName(name: string): boolean {
  return name.length === ownFolder.length && name.toLowerCase() === ownFolder;
}

/** What such a file system cannot tell apart or hold. Names are in NFC everywhere, so that its Unicode form is no question. */
export function nameRules({ tellsCases }: Traits): NameRules {
  return {
    exact: tellsCases,
    // Up and down again: letters that share an upper-case form are one to file systems that fold cases.
    keyOf: tellsCases ? (name) => name : (name) => name.toUpperCase().toLowerCase(),
    representable: (name) => !isOwnName(name) && parseName(name).ok,
  };
}
