import type { EntryId, Place } from '@driftbox/domain';

const prefix = '.driftbox-moving-';

/** Where an entry is on the server for a moment while names are swapped. Its id makes the name unique. */
export function temporaryPlace(rootId: EntryId, entryId: EntryId): Place {
  return { parentId: rootId, name: `${prefix}${entryId}` };
}

/** True for a place that nobody chose: the temporary one of this very entry. */
export function isTemporary({ entryId, parentId, name }: Place & { readonly entryId: EntryId }, rootId: EntryId): boolean {
  return parentId === rootId && name === `${prefix}${entryId}`;
}

/**
 * Where an entry belongs as far as the server tells. One that was left under its temporary name belongs nowhere in particular:
 * it gets a name that everybody who finds it makes alike.
 */
export function homeOf(remote: Place & { readonly entryId: EntryId }, rootId: EntryId): Place {
  return isTemporary(remote, rootId) ? { parentId: rootId, name: `${remote.entryId} (put back)` } : remote;
}
