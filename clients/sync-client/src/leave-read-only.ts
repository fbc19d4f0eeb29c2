import type { EntryId } from '@driftbox/domain';
import type { RemoteOperation } from '@driftbox/sync-core';
import { standing } from './carry-out/step.ts';
import { dropSubtree, forgetSynced, subtreeOf } from './drop-subtree.ts';
import { learnContents } from './learn-contents.ts';
import type { Life } from './life.ts';
import { sameBody } from './local-row.ts';
import type { Refuge } from './ports/refuge.ts';
import type { Store } from './ports/store.ts';

/**
 * What a plan would send to a drive that may only be read. New content leaves for the drive around it first; once none is left, places,
 * attributes and removals count as agreed on as they are here, so that the next plan makes them the server's again. Answers whether
 * the drive may only be read: then there is nothing to send.
 */
export async function leaveReadOnly(life: Life, operations: readonly RemoteOperation[]): Promise<boolean> {
  const { refuge, store, nowMs } = life.around;
  if (!life.mayOnlyRead || refuge === undefined || operations.length === 0) return false;
  life.mayOnlyRead = await refuge.isReadOnly();
  if (!life.mayOnlyRead) return false;
  const made = new Set(operations.filter(({ op }) => makes(op)).map(({ entryId }) => entryId));
  // What only looks changed is told from what is.
  const unread = [...made].filter((entryId) => isUnread(store, entryId));
  await learnContents(life, unread);
  if (unread.length > 0) return true;
  const leaving = topmostOwn(store, made);
  for (const entryId of leaving) if (!life.resends.holds(entryId, nowMs())) await leave(life, refuge, entryId);
  // What cannot leave now keeps its place, and so does what is around it, but nothing else waits for it.
  const others = operations.filter(({ entryId }) => !made.has(entryId));
  if (life.moved || others.length === 0) return true;
  const undone = store.transaction(() => others.filter((operation) => agreeHere(store, operation)));
  if (undone.length > 0) life.moved = true;
  // What the drive has is not as it should be, and not by anything that was done here: it waits for somebody who may write.
  else for (const { entryId } of others) life.refused(entryId, 'it may only be read');
  return true;
}

/** A file of the drive that was touched, and not read since. */
function isUnread(store: Store, entryId: EntryId): boolean {
  const body = store.local.get(entryId)?.body;
  return store.synced.get(entryId)?.body.kind === 'file' && body?.kind === 'file' && body.listId === undefined;
}

function makes(op: RemoteOperation['op']): boolean {
  return op === 'createFolder' || op === 'putFile' || op === 'putSymlink';
}

/** A folder leaves with all that is in it, unless something of the drive was moved there: that goes back first. */
function topmostOwn(store: Store, made: ReadonlySet<EntryId>): EntryId[] {
  const isOwn = (entryId: EntryId): boolean =>
    subtreeOf(store.local, entryId).every((row) => row.entryId === entryId || store.synced.get(row.entryId) === undefined);
  const own = new Set([...made].filter(isOwn));
  return [...own].filter((entryId) => {
    const parentId = store.local.get(entryId)?.parentId;
    // A folder around it that is all own as well is in `own` too, as nothing that is new lies in anything else.
    return parentId === undefined || !own.has(parentId);
  });
}

/**
 * Nothing is agreed on about it any more before it leaves: found missing after a crash, and with another role by then, it would count as
 * deleted here. Found in its place, it counts as new, beside what the server has.
 */
async function leave(life: Life, refuge: Refuge, entryId: EntryId): Promise<void> {
  const { store } = life.around;
  const here = standing(life, entryId);
  if (here === undefined) return;
  store.transaction(() => {
    store.dropSynced(entryId);
    store.dropProvisional([entryId]);
  });
  const taken = await refuge.take(here.path, here.row.stat);
  if (taken.outcome !== 'done') return life.refused(entryId, taken.outcome === 'failed' ? taken.reason : 'changed on disk while it left');
  store.transaction(() => dropSubtree(store.local, entryId, (id) => store.dropLocal(id)));
  life.taken(entryId);
}

/** False where that was agreed on already. */
function agreeHere(store: Store, operation: RemoteOperation): boolean {
  const { entryId } = operation;
  const synced = store.synced.get(entryId);
  const local = store.local.get(entryId);
  if (operation.op === 'delete') forgetSynced(store, entryId);
  if (synced === undefined || local === undefined || operation.op === 'delete') return synced !== undefined;
  const { parentId, name, body } = local;
  if (operation.op === 'move' && (synced.parentId !== parentId || synced.name !== name)) store.putSynced({ ...synced, parentId, name });
  else if (operation.op === 'setAttributes' && !sameBody(synced.body, body)) store.putSynced({ ...synced, body });
  else return false;
  return true;
}
