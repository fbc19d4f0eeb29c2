import type { Disk, DiskOutcome, Listing, LocalPath } from '../ports/disk.ts';
import type { Deed, Tell } from './deed.ts';

/** What cannot be synced because of its name or kind: paths, each with the reason. */
export type Unusable = ReadonlyMap<LocalPath, string>;

/** A name that says that it holds the loser of a conflict. */
const conflictPattern = /\(conflicted copy of [^/]*\)[^/]*$/;

/** True for the path of a conflict copy. */
export function isConflictCopy(path: string): boolean {
  return conflictPattern.test(path);
}

/** The same disk, telling what it was made to do, and remembering what in it cannot be synced. */
export function tellDisk(disk: Disk, tell: Tell): { readonly disk: Disk; readonly unusable: () => Unusable } {
  const byFolder = new Map<LocalPath, Listing['unusable']>();
  const done = async (outcome: Promise<DiskOutcome>, deed: Omit<Deed, 'side'>): Promise<DiskOutcome> => {
    const came = await outcome;
    if (came.outcome === 'done') tell({ ...deed, side: 'here' });
    return came;
  };
  const told: Disk = {
    list: async (path) => {
      const listing = await disk.list(path);
      if (listing !== undefined && 'unusable' in listing && listing.unusable.length > 0) byFolder.set(path, listing.unusable);
      else byFolder.delete(path);
      return listing;
    },
    stat: (path) => disk.stat(path),
    read: (path) => disk.read(path),
    makeFolder: (path) => done(disk.makeFolder(path), { deed: 'made', path }),
    makeLink: (path, target, expected) => done(disk.makeLink(path, target, expected), { deed: 'made', path }),
    move: (from, to, expected) =>
      done(disk.move(from, to, expected), { deed: isConflictCopy(to) ? 'conflict' : 'moved', path: to, detail: from }),
    stash: (path, entryId, expected) => disk.stash(path, entryId, expected),
    unstash: (entryId, to) => done(disk.unstash(entryId, to), { deed: 'moved', path: to }),
    stashed: () => disk.stashed(),
    remove: (path, expected) => done(disk.remove(path, expected), { deed: 'removed', path }),
    setAttributes: (path, attributes, expected) => done(disk.setAttributes(path, attributes, expected), { deed: 'attributes', path }),
    place: async (arrived, path, expected) => {
      const came = await disk.place(arrived, path, expected);
      if (came.outcome === 'done') tell({ deed: 'fetched', side: 'here', path, sizeBytes: came.stat?.sizeBytes ?? 0 });
      return came;
    },
    discard: (arrived) => disk.discard(arrived),
    discardAll: () => disk.discardAll(),
    flush: () => disk.flush(),
  };
  const unusable = (): Unusable =>
    new Map(
      [...byFolder].flatMap(([folder, names]) => names.map(({ name, reason }) => [folder === '' ? name : `${folder}/${name}`, reason])),
    );
  return { disk: told, unusable };
}
