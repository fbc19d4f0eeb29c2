import type { EntryId } from '@driftbox/domain';
import type { MountBody } from '@driftbox/sync-core';
import { pathOf } from './local-path.ts';
import type { PassResult } from './pass.ts';
import type { LocalPath, Stat } from './ports/disk.ts';
import type { Ended, Left } from './ports/mounts.ts';
import type { Store } from './ports/store.ts';

/** A drive that shows up in the synced folder and is synced right now: where, and what its last run came to. */
export type RunningMount = { readonly entryId: EntryId; readonly path: LocalPath; readonly last: PassResult | undefined };

/** A drive that shows up in the synced folder, and the folder it is to be synced with. */
export type DueMount = { readonly entryId: EntryId; readonly body: MountBody; readonly path: LocalPath; readonly stat: Stat };

/** What is done so that just the drives that show up by now are synced, in this order. */
export type MountsPlan<M extends RunningMount> = {
  /** Not there any longer, or elsewhere: its loop ends. */
  readonly over: readonly M[];
  /** Somebody removed its folder, and the server was told: what is known of it does not come again. */
  readonly forgotten: readonly EntryId[];
  readonly due: readonly DueMount[];
};

/** `store` and `rootId` are of the folder around the mounts; `remembered` are those that something is kept about. */
export function planMounts<M extends RunningMount>(
  { store, rootId }: { readonly store: Store; readonly rootId: EntryId },
  running: readonly M[],
  remembered: Iterable<EntryId>,
): MountsPlan<M> {
  const there = new Map<EntryId, DueMount>();
  for (const { entryId, body, stat } of store.mounts().local) {
    const path = pathOf(store, rootId, entryId);
    if (path !== undefined && body.kind === 'mount') there.set(entryId, { entryId, body, path, stat });
  }
  const over = running.filter((mounted) => there.get(mounted.entryId)?.path !== mounted.path || isGone(mounted));
  const stays = new Set(running.filter((mounted) => !over.includes(mounted)).map(({ entryId }) => entryId));
  const trees = [store.local, store.synced, store.remote];
  return {
    over,
    forgotten: [...remembered].filter((entryId) => trees.every((tree) => tree.get(entryId) === undefined)),
    due: [...there.values()].filter(({ entryId }) => !stays.has(entryId)),
  };
}

/** Its folder was not there, or empty: it may be by now. */
export function isGone({ last }: Pick<RunningMount, 'last'>): boolean {
  return last?.result === 'halted' && last.plan === undefined;
}

/** The folder of a drive that is shown no longer. */
export type EndingFolder = {
  /** Whether it is where it was, and no other has come in its place. */
  readonly isThere: () => boolean;
  /** Removes what the drive has, and answers why something of that is there still. */
  readonly clear: () => Promise<Left | undefined>;
  /** Whether a pass has put something in it out of the way: that is people's, though it lies among DriftBox's own things. */
  readonly hasStashed: () => boolean;
  /** Removes DriftBox's own things in it, and what is kept about the mount. */
  readonly forget: () => void;
  /** Removes it, unless something is in it. */
  readonly remove: () => void;
};

/** See `Mounts.end`. */
export async function endFolder(folder: EndingFolder): Promise<Ended> {
  const elsewhere = { failed: 'its folder is elsewhere by now' };
  if (!folder.isThere()) return elsewhere;
  const left = await folder.clear();
  if (left !== undefined) return left;
  if (!folder.isThere()) return elsewhere;
  if (folder.hasStashed()) return { failed: 'something in it was put aside, and cannot be put back' };
  folder.forget();
  folder.remove();
  return { ended: folder.isThere() ? 'kept' : 'gone' };
}
