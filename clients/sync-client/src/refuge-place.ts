import { conflictName } from '@driftbox/sync-core';
import { below } from './local-path.ts';
import type { LocalPath, Stat } from './ports/disk.ts';

/** What there is in the folder around a mounted one, and how conflict copies are named. */
export type Around = {
  readonly kindAt: (path: LocalPath) => Stat['kind'] | undefined;
  readonly device: string;
  readonly date: string;
};

/** `usual` keeps the place it had in the drive; `free` is beside that where it is taken. */
export type RefugePlace = { readonly usual: LocalPath; readonly free: LocalPath };

/**
 * Where something goes that leaves a mounted folder, as a path in the folder around it: into a folder under a conflict name, one for all
 * that leaves on the same day. What is no folder is no place for others: a link there leads who knows where.
 */
export function refugePlace(mounted: string, at: LocalPath, { kindAt, device, date }: Around): RefugePlace {
  const conflicted = (parent: LocalPath, name: string, isTaken: (path: LocalPath) => boolean): LocalPath =>
    below(
      parent,
      conflictName(name, device, date, (other) => isTaken(below(parent, other))),
    );
  const isNoFolder = (path: LocalPath): boolean => ![undefined, 'folder'].includes(kindAt(path));
  const names = at.split('/');
  const last = names.pop() ?? '';
  let folder = conflicted('', mounted, isNoFolder);
  for (const name of names) {
    const path = below(folder, name);
    folder = isNoFolder(path) ? conflicted(folder, name, isNoFolder) : path;
  }
  const usual = below(folder, last);
  const isTaken = (path: LocalPath): boolean => kindAt(path) !== undefined;
  return { usual, free: isTaken(usual) ? conflicted(folder, last, isTaken) : usual };
}
