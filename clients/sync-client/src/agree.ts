import type { EntryId } from '@driftbox/domain';
import type { Agreement, SyncedEntry } from '@driftbox/sync-core';
import { dropSubtree } from './drop-subtree.ts';
import type { Life } from './life.ts';
import { sameBody } from './local-row.ts';
import type { Store } from './ports/store.ts';

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

/** The same, for what was just brought in line on disk: a user's next edit must not be taken for one of the state before. */
export async function agreeOnDone(life: Life): Promise<void> {
  if (life.toAgree.size === 0) return;
  const entryIds = [...life.toAgree];
  life.toAgree.clear();
  await flush(life);
  const { store } = life.around;
  store.transaction(() => {
    for (const entryId of entryIds) {
      const now = agreedOn(store, entryId);
      if (now !== undefined) record(store, { entryId, now });
    }
  });
}

async function flush(life: Life): Promise<void> {
  if (!life.unflushed) return;
  life.unflushed = false;
  await life.around.disk.flush();
}

function record(store: Store, { entryId, now }: Agreement): void {
  if (now === 'gone') dropSubtree(store.synced, entryId, (id) => store.dropSynced(id));
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
