import type { EntryId } from '@driftbox/domain';
import type { MountBody, RemoteEntry } from '@driftbox/sync-core';
import { dropSubtree, subtreeOf } from './drop-subtree.ts';
import type { Life } from './life.ts';

/**
 * A folder that was shared is the root of a drive now, and a mount stands where it was. What is on disk stays as it is: the rows of
 * what is in the folder go over to that drive, and the folder's own becomes the mount's. First there, then here: after a crash
 * in between it is done once more.
 */
export function handOverShared(life: Life): void {
  const { store } = life.around;
  for (const entryId of store.changed()) {
    const remote = store.remote.get(entryId);
    if (remote?.body.kind === 'mount' && store.local.get(entryId) === undefined) handOver(life, remote, remote.body);
  }
}

function handOver({ around: { store, mounts } }: Life, mount: RemoteEntry, body: MountBody): void {
  const folder = store.local.get(body.rootId);
  if (folder?.body.kind !== 'folder' || store.remote.get(body.rootId) !== undefined) return;
  const below = (entryId: EntryId): boolean => entryId !== body.rootId;
  mounts.take(mount.entryId, {
    local: subtreeOf(store.local, body.rootId).filter((row) => below(row.entryId)),
    synced: subtreeOf(store.synced, body.rootId).filter((row) => below(row.entryId)),
  });
  store.transaction(() => {
    dropSubtree(store.local, body.rootId, (entryId) => store.dropLocal(entryId));
    dropSubtree(store.synced, body.rootId, (entryId) => store.dropSynced(entryId));
    store.putLocal({ ...folder, entryId: mount.entryId, body });
    store.putSynced(mount);
  });
}
