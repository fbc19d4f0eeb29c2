import type { EntryId } from '@driftbox/domain';
import type { Tree, TreeEntry } from '@driftbox/sync-core';
import type { Store } from './ports/store.ts';

function subtreeIds(tree: Tree<TreeEntry>, entryId: EntryId): Iterable<EntryId> {
  // A set, because entries may be recorded in each other for a while.
  const ids = new Set([entryId]);
  for (const id of ids) for (const child of tree.childrenOf(id)) ids.add(child.entryId);
  return ids;
}

/** An entry and everything below it, as far as the tree has it; parents first. */
export function subtreeOf<Entry extends TreeEntry>(tree: Tree<Entry>, entryId: EntryId): Entry[] {
  return [...subtreeIds(tree, entryId)].map((id) => tree.get(id)).filter((entry) => entry !== undefined);
}

/** Drops an entry with everything below it. */
export function dropSubtree(tree: Tree<TreeEntry>, entryId: EntryId, drop: (entryId: EntryId) => void): void {
  for (const id of subtreeIds(tree, entryId)) drop(id);
}

/** Drops what the server had at and below an entry. */
export function dropRemoteSubtree(store: Store, entryId: EntryId): void {
  dropSubtree(store.remote, entryId, (id) => store.dropRemote(id));
}

/**
 * Forgets that an entry and everything below it was agreed on, but for what is still on disk: that was to be moved out, and
 * would look new. Within a transaction.
 */
export function forgetSynced(store: Store, entryId: EntryId): void {
  dropSubtree(store.synced, entryId, (id) => {
    if (store.local.get(id) === undefined) store.dropSynced(id);
  });
}
