import type { EntryId } from '@driftbox/domain';
import type { Store } from './ports/store.ts';

/** A local entry goes on under another id, with everything in it. Within a transaction. */
export function reId(store: Store, entryId: EntryId, newId: EntryId): void {
  const row = store.local.get(entryId);
  if (row === undefined) return;
  const children = [...store.local.childrenOf(entryId)];
  store.dropLocal(entryId);
  store.putLocal({ ...row, entryId: newId });
  for (const child of children) store.putLocal({ ...child, parentId: newId });
}

/** A local entry is the one that the server has under another id; an empty folder may turn out to be a mount. Within a transaction. */
export function adopt(store: Store, entryId: EntryId, remoteId: EntryId): void {
  reId(store, entryId, remoteId);
  const row = store.local.get(remoteId);
  const body = store.remote.get(remoteId)?.body;
  if (row !== undefined && body?.kind === 'mount') store.putLocal({ ...row, body });
}

/** What the server no longer has goes on as a new entry. Within a transaction. */
export function renew(store: Store, entryId: EntryId, newId: EntryId): void {
  reId(store, entryId, newId);
  store.dropSynced(entryId);
}

/** Entries whose id the server says is used up, though it has no such entry, take another one. */
export function replaceUsedIds(store: Store, usedIds: Set<EntryId>, freshEntryId: () => EntryId): void {
  store.transaction(() => {
    for (const entryId of usedIds) {
      if (store.remote.get(entryId) === undefined && store.synced.get(entryId) === undefined) reId(store, entryId, freshEntryId());
    }
  });
  usedIds.clear();
}
