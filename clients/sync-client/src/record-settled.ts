import type { Outcome } from '@driftbox/domain';
import type { RemoteOperation, SyncBody, SyncedEntry } from '@driftbox/sync-core';
import { dropRemoteSubtree, forgetSynced } from './drop-subtree.ts';
import { forgetLateArrivals } from './late-arrivals.ts';
import type { Life } from './life.ts';
import { sameContentStat } from './local-row.ts';
import type { PendingOperation, SentContent, Settled } from './ports/server.ts';
import type { Store } from './ports/store.ts';
import { readTo } from './observe-remote.ts';
import { isTrusted } from './racy-window.ts';

/**
 * Records what became of an operation, and that it is settled. What was committed is agreed on from now on: the server has
 * it because this device had it. Everything else the journal will tell; until then, unless it is known, the remote tree counts
 * as partial. Within a transaction.
 */
export function recordSettled(life: Life, pending: PendingOperation, settled: Settled, startedMs: number): void {
  const { store } = life.around;
  const { entryId, op } = pending.operation;
  if (settled.result === 'source_changed' && pending.content !== undefined) store.keepPending([{ ...pending, mayArrive: true }]);
  else store.dropPending([pending.writeId]);
  if (settled.result !== 'answered') {
    life.refused(entryId, settled.result === 'failed' ? settled.reason : 'changed while it was sent');
    return;
  }
  const { outcome } = settled;
  const content = settled.content ?? pending.content;
  if (outcome.outcome === 'committed') {
    agree(store, pending.operation, outcome.rev, content);
    if (op === 'putFile') forgetLateArrivals(store, entryId);
    // Nothing lies between what was read and this. The cursor stays: the next reading tells of it once more.
    if (outcome.seq === readTo(store) + 1) store.putFact('seq', String(outcome.seq));
    else life.behind = true;
    // Asked again, it says what the file held when it was read for the first time.
    if (content !== undefined && pending.content === undefined) learnSent(store, pending, content, startedMs);
    life.taken(entryId);
    return;
  }
  life.behind = true;
  if (outcome.outcome === 'permission_denied') life.mayOnlyRead = true;
  if (outcome.outcome === 'already_exists' && creates(pending.operation)) life.usedIds.add(entryId);
  life.refused(entryId, refusal(op, outcome));
}

function creates(operation: RemoteOperation): boolean {
  return operation.op === 'createFolder' || ('baseRev' in operation && operation.baseRev === null);
}

function refusal(op: RemoteOperation['op'], outcome: Outcome): string {
  const detail = 'detail' in outcome && outcome.detail !== undefined ? `: ${outcome.detail}` : '';
  return `${op} refused by the server, ${outcome.outcome}${detail}`;
}

function agree(store: Store, operation: RemoteOperation, rev: number, content: SentContent | undefined): void {
  const { entryId } = operation;
  const base = 'baseRev' in operation ? (operation.baseRev ?? 0) : 0;
  // Where nothing lies between, this is all there is to know of the entry; otherwise the journal has to tell.
  const isNext = rev === base + 1 && (store.remote.get(entryId)?.rev ?? 0) === base;
  if (!isNext) store.putFact('partial', 'yes');
  if (operation.op === 'delete') {
    forgetSynced(store, entryId);
    if (isNext) dropRemoteSubtree(store, entryId);
    return;
  }
  const synced = store.synced.get(entryId);
  const remote = store.remote.get(entryId);
  const agreed = agreedState(operation, synced ?? remote, content);
  const isWhole = isNext && (synced?.rev ?? 0) === base;
  if (agreed !== undefined) store.putSynced({ ...agreed, entryId, rev: isWhole ? rev : (synced?.rev ?? remote?.rev ?? 0) });
  const next = agreedState(operation, remote, content);
  if (isNext && next !== undefined) store.putRemote({ ...next, entryId, rev });
}

/** The state an operation led to, as far as it is this device's doing; the rest stays as it was last agreed on. */
function agreedState(
  operation: Exclude<RemoteOperation, { readonly op: 'delete' }>,
  before: Omit<SyncedEntry, 'entryId' | 'rev'> | undefined,
  content: SentContent | undefined,
): Omit<SyncedEntry, 'entryId' | 'rev'> | undefined {
  const place = placeOf(operation) ?? before;
  const body = bodyAfter(operation, before?.body, content);
  return place === undefined || body === undefined ? undefined : { parentId: place.parentId, name: place.name, body };
}

function placeOf(operation: RemoteOperation): { parentId: SyncedEntry['parentId']; name: string } | undefined {
  if ('place' in operation) return operation.place;
  return 'parentId' in operation ? operation : undefined;
}

function bodyAfter(operation: RemoteOperation, before: SyncBody | undefined, content: SentContent | undefined): SyncBody | undefined {
  switch (operation.op) {
    case 'createFolder':
      return { kind: 'folder' };
    case 'putSymlink':
      return { kind: 'symlink', target: operation.target };
    case 'putFile': {
      if (content === undefined) return undefined;
      const { listId, sizeBytes, mtimeMs, executable } = content;
      return { kind: 'file', listId, sizeBytes, mtimeMs, executable };
    }
    case 'setAttributes':
      return before?.kind === 'file' ? { ...before, mtimeMs: operation.mtimeMs, executable: operation.executable } : undefined;
    case 'move':
    case 'delete':
      return before;
  }
}

/** Sending a file read it: if it still is as it was then, its content is known. */
function learnSent(store: Store, { operation }: PendingOperation, content: SentContent, startedMs: number): void {
  const row = store.local.get(operation.entryId);
  if (row?.body.kind !== 'file' || !sameContentStat(row.stat, content.stat)) return;
  const trusted = row.trusted || isTrusted(content.stat, startedMs);
  store.putLocal({ ...row, body: { ...row.body, listId: content.listId }, trusted });
}
