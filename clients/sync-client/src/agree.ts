import type { EntryId, Place } from '@driftbox/domain';
import type { Agreement, NameRules, SyncedEntry } from '@driftbox/sync-core';
import { forgetSynced } from './drop-subtree.ts';
import type { Life } from './life.ts';
import { kindOnDisk, sameBody, sameStat } from './local-row.ts';
import { below, pathOf } from './local-path.ts';
import type { Stat } from './ports/disk.ts';
import type { LocalRow, Store } from './ports/store.ts';

/**
 * What is the same on both sides is agreed on, once nothing can undo the local half: a loss of power that brought back an
 * older file would otherwise look like the user's work.
 */
export async function recordAgreements(life: Life, agreements: readonly Agreement[]): Promise<void> {
  if (agreements.length === 0) return;
  await flush(life);
  const { store } = life.around;
  store.transaction(() => agreements.forEach((agreement) => record(store, agreement)));
  life.moved = true;
}

/**
 * A step on disk brought an entry in line: agreed on at once, or a user's next edit would be taken for one of the state
 * before. What was agreed on before is kept until a loss of power cannot undo the step. Within a transaction.
 */
export function agreeOnDone(store: Store, entryId: EntryId): void {
  const before = store.synced.get(entryId);
  const now = agreedOn(store, entryId);
  if (now === undefined) return;
  // What is gone was made to stay so before.
  if (now !== 'gone') store.keepProvisional({ entryId, before });
  record(store, { entryId, now });
}

/** Makes what was done on disk so far outlast a loss of power, and the agreements about it final. */
export async function flush(life: Life): Promise<void> {
  const { disk, store } = life.around;
  const done = store.provisional().map(({ entryId }) => entryId);
  const removed = [...life.removed];
  if (!life.unflushed && done.length === 0) return;
  life.unflushed = false;
  life.removed.clear();
  await disk.flush();
  store.transaction(() => {
    store.dropProvisional(done);
    for (const entryId of removed) {
      // What is recorded in it was not found there: the next look says whether that is gone with it, or has moved.
      if (isFolderOfSome(store, entryId)) continue;
      store.dropLocal(entryId);
      agreeOnDone(store, entryId);
    }
  });
}

/**
 * After a crash: what is not on disk as it was agreed on was undone, and is agreed on as before. The same thing with other
 * bytes in it is a user's edit since, unless only times and modes were agreed on, which may be what was undone.
 */
export async function reviewProvisional(life: Life): Promise<void> {
  const { disk, store, rootId, names } = life.around;
  for (const { entryId, before } of store.provisional()) {
    const path = pathOf(store, rootId, entryId);
    const stat = path === undefined ? undefined : await disk.stat(path);
    const now = store.synced.get(entryId);
    if (!isStillDone(stat, store.local.get(entryId), before, now)) {
      if (before === undefined) store.dropSynced(entryId);
      else store.putSynced(before);
      if (stat === undefined && (await isBackAsAnother(life, before))) store.dropLocal(entryId);
    } else if (before !== undefined && now !== undefined && isRespelt(names, before, now)) {
      // The disk answers to either name. If it has the new one, that is agreed on again.
      store.putSynced({ ...now, name: before.name, rev: before.rev });
    }
  }
  await flush(life);
}

/**
 * True when what is not there is where it was before, under the identity that it had then: it had been written anew since, and
 * nothing but what was agreed on at that place tells what is found there.
 */
async function isBackAsAnother({ around: { disk, store, rootId } }: Life, before: SyncedEntry | undefined): Promise<boolean> {
  const folder = before && pathOf(store, rootId, before.parentId);
  if (before === undefined || folder === undefined) return false;
  // What had that place since is out of the way, or else what is found there may be that, written anew.
  const since = store.local.childAt(before.parentId, before.name);
  if (since !== undefined && !(await disk.stashed()).includes(since.entryId)) return false;
  const stat = await disk.stat(below(folder, before.name));
  return stat?.kind === kindOnDisk(before.body) && store.localByIdentity(stat.identity) === undefined;
}

function isRespelt({ keyOf }: NameRules, before: Place, now: Place): boolean {
  return before.parentId === now.parentId && before.name !== now.name && keyOf(before.name) === keyOf(now.name);
}

function isFolderOfSome({ local }: Store, folderId: EntryId): boolean {
  return [...local.childrenOf(folderId)].length > 0;
}

function isStillDone(
  stat: Stat | undefined,
  row: LocalRow | undefined,
  before: SyncedEntry | undefined,
  now: SyncedEntry | undefined,
): boolean {
  if (stat === undefined || row === undefined || stat.identity !== row.stat.identity) return false;
  if (sameStat(stat, row.stat) || before?.body.kind !== 'file' || now?.body.kind !== 'file') return true;
  return before.body.listId !== now.body.listId;
}

function record(store: Store, { entryId, now }: Agreement): void {
  if (now === 'gone') forgetSynced(store, entryId);
  else store.putSynced({ entryId, parentId: now.place.parentId, name: now.place.name, body: now.body, rev: now.rev });
}

/** Place and body agree apart from each other. */
function agreedOn(store: Store, entryId: EntryId): Agreement['now'] | undefined {
  const synced = store.synced.get(entryId);
  const local = store.local.get(entryId);
  const remote = store.remote.get(entryId);
  if (local === undefined && remote === undefined) return 'gone';
  if (local === undefined || remote === undefined) return undefined;
  const samePlaces = local.parentId === remote.parentId && local.name === remote.name;
  const sameBodies = sameBody(local.body, remote.body);
  if (synced === undefined && !(samePlaces && sameBodies)) return undefined;
  const place: Pick<SyncedEntry, 'parentId' | 'name'> = samePlaces || synced === undefined ? remote : synced;
  const body = sameBodies || synced === undefined ? remote.body : synced.body;
  const rev = (samePlaces && sameBodies) || synced === undefined ? remote.rev : synced.rev;
  return { place: { parentId: place.parentId, name: place.name }, body, rev };
}
