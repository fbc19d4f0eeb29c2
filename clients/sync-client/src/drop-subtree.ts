import type { EntryId } from '@driftbox/domain';
import type { Tree, TreeEntry } from '@driftbox/sync-core';

/** Everything at and below an entry, as far as the tree has it; parents first. */
export function subtreeIds(tree: Tree<TreeEntry>, entryId: EntryId): EntryId[] {
  const ids = [entryId];
  for (const id of ids) for (const child of tree.childrenOf(id)) ids.push(child.entryId);
  return ids;
}

/** Drops an entry with everything below it. */
export function dropSubtree(tree: Tree<TreeEntry>, entryId: EntryId, drop: (entryId: EntryId) => void): void {
  for (const id of subtreeIds(tree, entryId)) drop(id);
}
