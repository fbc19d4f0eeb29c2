import type { EntryId } from '@driftbox/domain';
import type { LocalOperation } from '@driftbox/sync-core';
import type { Life } from '../life.ts';
import { flush } from '../agree.ts';
import { putBack } from '../put-back.ts';
import { adopt, renew } from '../re-id.ts';
import { fetchContents } from './fetch-contents.ts';
import { makeFolder, makeLink } from './make-entry.ts';
import { moveEntry, stashEntry } from './move-entry.ts';
import { removeEntry } from './remove-entry.ts';
import { setAside } from './set-aside.ts';
import { setAttributes } from './set-attributes.ts';

/**
 * Carries out the local part of a plan: first what only touches names and places, in order, then the contents, which nothing
 * else waits for. A step that fails leaves the rest to go on; what depended on it finds its place missing or taken. But for
 * the loser of a conflict that could not be set aside: what was to come in its place carries the same id, and would be taken
 * for its next version, so nothing more is done to it in this pass.
 */
export async function carryOutLocally(life: Life, operations: readonly LocalOperation[]): Promise<void> {
  const stashed = new Set<EntryId>();
  const due = dueOf(life, operations);
  const stuck = new Set<EntryId>();
  for (const op of due) {
    if (stuck.has(op.entryId)) continue;
    if (op.op !== 'setAside') await carryOut(life, op, stashed);
    else if (!(await setAside(life, op))) stuck.add(op.entryId);
  }
  if (stashed.size > 0) await putBack(life);
  try {
    await fetchContents(
      life,
      due.filter((op) => op.op === 'fetch').filter(({ entryId }) => !stuck.has(entryId)),
    );
  } finally {
    await flush(life);
  }
}

/**
 * Steps on names and places need each other: a name is free once another step has freed it. So when one is due all are tried;
 * each by its own time, they might never meet.
 */
function dueOf({ retries, around }: Life, operations: readonly LocalOperation[]): LocalOperation[] {
  const nowMs = around.nowMs();
  const isDue = ({ entryId }: LocalOperation) => !retries.holds(entryId, nowMs);
  const isPlacing = ({ op }: LocalOperation) => op !== 'fetch' && op !== 'setAttributes';
  const placesAreDue = operations.some((operation) => isPlacing(operation) && isDue(operation));
  return operations.filter((operation) => (placesAreDue && isPlacing(operation)) || isDue(operation));
}

type OtherOperation = Exclude<LocalOperation, { readonly op: 'setAside' }>;

async function carryOut(life: Life, op: OtherOperation, stashed: Set<EntryId>): Promise<void> {
  switch (op.op) {
    case 'mount':
      await life.around.mounts.forget(op.entryId);
      return makeFolder(life, op);
    case 'makeFolder':
      return makeFolder(life, op);
    case 'link':
      return makeLink(life, op);
    case 'move':
      return moveEntry(life, op, stashed);
    case 'stash':
      return stashEntry(life, op, stashed);
    case 'remove':
      return removeEntry(life, op);
    case 'setAttributes':
      return setAttributes(life, op);
    case 'adopt':
      if (life.around.store.remote.get(op.remoteId)?.body.kind === 'mount') await life.around.mounts.forget(op.remoteId);
      life.around.store.transaction(() => adopt(life.around.store, op.entryId, op.remoteId));
      return life.done(op.entryId);
    case 'renew':
      life.around.store.transaction(() => renew(life.around.store, op.entryId, life.around.freshEntryId()));
      return life.done(op.entryId);
    case 'fetch':
      return undefined;
  }
}
