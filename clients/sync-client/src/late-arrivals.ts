import type { EntryId } from '@driftbox/domain';
import type { Life } from './life.ts';
import type { PendingOperation } from './ports/server.ts';
import type { Store } from './ports/store.ts';

/** Of one entry, the newest: each needs an answer that was lost and a file that was written to meanwhile. */
const maxPerEntry = 4;

/**
 * An edit that was given up, as the server knew nothing of it, and that arrived after all: what the server has now this device
 * had before, and what it has now was made from that. So it is agreed on; taken for somebody else's it would cost a conflict
 * copy. Moves and attributes may lie in between: the commit rule lets an edit in for as long as the content is the one that it
 * was based on, and no longer. For a remote tree that was read to its end.
 */
export function recognizeLateArrivals({ around: { store } }: Life): void {
  const late = store.late();
  if (late.length === 0) return;
  store.transaction(() => {
    const open = new Map<EntryId, number>();
    for (const pending of late.toReversed()) {
      const { entryId } = pending.operation;
      const count = open.get(entryId) ?? 0;
      if (isOpen(store, entryId) && count < maxPerEntry) open.set(entryId, count + 1);
      else {
        agreeIfArrived(store, pending);
        store.dropPending([pending.writeId]);
      }
    }
  });
}

/** A newer edit of this device was committed: none from before it can arrive any more. Within a transaction. */
export function forgetLateArrivals(store: Store, entryId: EntryId): void {
  const over = store.late(entryId);
  if (over.length > 0) store.dropPending(over.map(({ writeId }) => writeId));
}

/** The server has the content that was agreed on, or as little as before. */
function isOpen(store: Store, entryId: EntryId): boolean {
  const synced = store.synced.get(entryId);
  const remote = store.remote.get(entryId);
  if (synced === undefined || remote === undefined) return synced === remote && store.local.get(entryId) !== undefined;
  return synced.body.kind === 'file' && remote.body.kind === 'file' && synced.body.listId === remote.body.listId;
}

function agreeIfArrived(store: Store, { operation, content }: PendingOperation): void {
  if (operation.op !== 'putFile' || content === undefined) return;
  const synced = store.synced.get(operation.entryId);
  const remote = store.remote.get(operation.entryId);
  if (remote?.body.kind !== 'file' || remote.body.listId !== content.listId) return;
  const place = operation.place ?? synced;
  const isThere = place?.parentId === remote.parentId && place.name === remote.name;
  if (isThere) store.putSynced(remote);
  else if (synced !== undefined) store.putSynced({ ...synced, body: remote.body });
}
