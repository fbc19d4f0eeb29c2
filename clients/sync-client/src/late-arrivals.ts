import type { Life } from './life.ts';
import { sameBody } from './local-row.ts';
import type { PendingOperation } from './ports/server.ts';
import type { Store } from './ports/store.ts';
import { agreedState } from './record-settled.ts';

/** Of one entry, the newest: each needs an answer that was lost and a file that was written to meanwhile. */
const maxPerEntry = 4;

/**
 * An edit that was given up, as the server knew nothing of it, and that arrived after all: what the server has now this device
 * had before, and what it has now was made from that. So it is agreed on; taken for somebody else's it would cost a conflict
 * copy. Once the entry has moved on nothing that was based on what it was before can arrive any more (the commit rule refuses
 * it). For a remote tree that was read to its end.
 */
export function recognizeLateArrivals({ around: { store } }: Life): void {
  const late = store.pending().filter(({ mayArrive }) => mayArrive === true);
  if (late.length === 0) return;
  store.transaction(() => {
    const open = new Map<string, number>();
    for (const pending of late.toReversed()) {
      const { entryId } = pending.operation;
      const count = open.get(entryId) ?? 0;
      if (isOpen(store, pending) && count < maxPerEntry) open.set(entryId, count + 1);
      else {
        agreeIfArrived(store, pending);
        store.dropPending([pending.writeId]);
      }
    }
  });
}

function baseOf({ operation }: PendingOperation): number {
  return 'baseRev' in operation ? (operation.baseRev ?? 0) : 0;
}

function isOpen(store: Store, pending: PendingOperation): boolean {
  const { entryId } = pending.operation;
  const remote = store.remote.get(entryId);
  return remote === undefined ? baseOf(pending) === 0 && store.local.get(entryId) !== undefined : remote.rev <= baseOf(pending);
}

function agreeIfArrived(store: Store, pending: PendingOperation): void {
  const { operation, content } = pending;
  const remote = store.remote.get(operation.entryId);
  if (operation.op === 'delete' || remote?.rev !== baseOf(pending) + 1) return;
  const sent = agreedState(operation, store.synced.get(operation.entryId), content);
  if (sent === undefined || sent.parentId !== remote.parentId || sent.name !== remote.name || !sameBody(sent.body, remote.body)) return;
  store.putSynced(remote);
}
