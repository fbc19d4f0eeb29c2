import { linkSync, lstatSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import type { Stat } from '../ports/disk.ts';
import { betweenNames } from './half-move.ts';
import type { Root } from './root.ts';
import { isSame, isSameContent, statAt } from './stat-of.ts';

/** Says that a place is taken, as the system does. */
class Taken extends Error {
  readonly code = 'EEXIST';
}

const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']);

/**
 * Gives a file or link a free place: by a second name and the removal of the first, which never replaces anything. A folder,
 * and anything where there are no second names, is renamed right after a look: then what appears in between is replaced,
 * unless it is a folder with something in it. Throws `EEXIST` where the place is taken.
 */
export function giveFreePlace(root: Root, from: string, to: string, kind: Stat['kind']): void {
  if (root.traits.hasLinks && kind !== 'folder') {
    try {
      linkSync(from, to);
      return takeAwayFirst(from, to);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' && isRespelling(from, to)) return renameSync(from, to);
      if (!withoutLinks.has(code)) throw error;
    }
  }
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined && !isRespelling(from, to)) throw new Taken();
  renameSync(from, to);
}

/** Gives a thing that others see where it is a free place, and lets nobody see it in both, even if this process dies in between. */
export function moveToFreePlace(root: Root, from: string, to: string, kind: Stat['kind']): void {
  betweenNames(root.path, root.moving, from, to, () => giveFreePlace(root, from, to, kind));
}

/** Takes the first of two names away; where that is not allowed the second one goes again, and all is as it was. */
function takeAwayFirst(from: string, to: string): void {
  try {
    unlinkSync(from);
  } catch (error) {
    unlinkSync(to);
    // Not one of the codes that mean that there are no second names here.
    throw Object.assign(new Error('the old name could not be taken away', { cause: error }), { code: 'EACCES' });
  }
}

/**
 * Puts a file or link over exactly `expected`. What was replaced is looked at once more, under a second name, after it lost its
 * place: if somebody wrote to it in the last moment it gets the place back. Answers whether it was done.
 */
export function replace(root: Root, from: string, to: string, expected: Stat): boolean {
  if (!isSame(expected, statAt(to, root.traits))) return false;
  if (!root.traits.hasLinks || expected.kind === 'folder') {
    renameSync(from, to);
    return true;
  }
  const replaced = `${from}.replaced`;
  rmSync(replaced, { force: true });
  linkSync(to, replaced);
  try {
    renameSync(from, to);
  } catch (error) {
    unlinkSync(replaced);
    throw error;
  }
  if (isSameContent(expected, statAt(replaced, root.traits))) {
    unlinkSync(replaced);
    return true;
  }
  renameSync(to, from);
  giveFreePlace(root, replaced, to, expected.kind);
  return false;
}

/** The same thing under another spelling, on a file system that does not tell the two apart. */
function isRespelling(from: string, to: string): boolean {
  if (from.toLowerCase().normalize('NFC') !== to.toLowerCase().normalize('NFC')) return false;
  const [one, other] = [from, to].map((path) => lstatSync(path, { bigint: true, throwIfNoEntry: false }));
  return one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev && one.nlink === 1n;
}
