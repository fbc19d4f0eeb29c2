import type { RemoteEntry, SyncedEntry } from '@driftbox/sync-core';
import { sameBody } from './local-row.ts';
import type { Store } from './ports/store.ts';

/**
 * The drive was restored from a backup: it may have forgotten what this device had agreed on with it, and with it the only
 * other copy of somebody's work. Nothing counts as agreed on any more except what is the same now:
 * - what the drive no longer has is new here, and is created again;
 * - of what the drive has in an older revision, the local state is an edit of that revision;
 * - what has another state in a revision as new or newer was changed on both sides, as far as anyone can tell.
 * Each entry by itself: one that was agreed on may lie in a folder that was not.
 */
export function rebaseSynced(store: Store): void {
  for (const entryId of store.changed()) {
    const agreed = store.synced.get(entryId);
    if (agreed === undefined) continue;
    const base = baseAfterRestore(agreed, store.remote.get(entryId));
    if (base === undefined) store.dropSynced(entryId);
    else store.putSynced(base);
  }
}

function baseAfterRestore(agreed: SyncedEntry, remote: RemoteEntry | undefined): SyncedEntry | undefined {
  if (remote === undefined) return undefined;
  const same = agreed.parentId === remote.parentId && agreed.name === remote.name && sameBody(agreed.body, remote.body);
  return same || remote.rev < agreed.rev ? remote : undefined;
}
