import type { EntryId } from '@driftbox/domain';
import type { RemoteOperation } from '@driftbox/sync-core';
import { forgetSynced } from './drop-subtree.ts';
import type { Life } from './life.ts';
import { standing } from './carry-out/step.ts';
import type { Store } from './ports/store.ts';

/**
 * What a plan would send to a drive that may only be read. New content leaves for the drive around it first; once none is left, places,
 * attributes and removals count as agreed on as they are here, so that the next plan makes them the server's again. Answers whether
 * that was the case: then there is nothing to send.
 */
export async function leaveReadOnly(life: Life, operations: readonly RemoteOperation[]): Promise<boolean> {
  const { refuge, store } = life.around;
  if (!life.mayOnlyRead || refuge === undefined || operations.length === 0) return false;
  life.mayOnlyRead = await refuge.isReadOnly();
  if (!life.mayOnlyRead) return false;
  const made = topmost(
    store,
    operations.filter(({ op }) => op === 'createFolder' || op === 'putFile' || op === 'putSymlink').map(({ entryId }) => entryId),
  );
  for (const entryId of made) {
    const here = standing(life, entryId);
    if (here === undefined) continue;
    const taken = await refuge.take(here.path, here.row.stat);
    if (taken.outcome === 'failed') life.failed(entryId, taken.reason);
    else life.moved = true;
  }
  if (made.length === 0) {
    store.transaction(() => operations.forEach((operation) => agreeHere(store, operation)));
    life.moved = true;
  }
  return true;
}

/** Of new things those that lie in no other new one: what is in a folder leaves with it. */
function topmost(store: Store, entryIds: readonly EntryId[]): EntryId[] {
  const all = new Set(entryIds);
  return entryIds.filter((entryId) => {
    const parentId = store.local.get(entryId)?.parentId;
    return parentId === undefined || !all.has(parentId);
  });
}

function agreeHere(store: Store, operation: RemoteOperation): void {
  const { entryId } = operation;
  const synced = store.synced.get(entryId);
  const local = store.local.get(entryId);
  if (operation.op === 'delete') forgetSynced(store, entryId);
  else if (synced !== undefined && local !== undefined)
    store.putSynced({
      ...synced,
      ...(operation.op === 'move' ? { parentId: local.parentId, name: local.name } : {}),
      ...(operation.op === 'setAttributes' ? { body: local.body } : {}),
    });
}
