import type { MountBody, RemoteEntry, SyncBody, TreeEntry } from '@driftbox/sync-core';
import { dropSubtree, subtreeOf } from './drop-subtree.ts';
import type { Life } from './life.ts';
import { pathOf } from './local-path.ts';
import type { LocalRow } from './ports/store.ts';

/**
 * A folder that was shared is the root of a drive now, and a mount stands where it was; or the other way, a drive that is shared no longer
 * is a folder again, under the same id. What is on disk stays as it is: the rows of what is in it go over, and the folder's own
 * becomes the mount's or the mount's the folder's. First there, then here: after a crash in between it is done once more.
 */
export async function handOver(life: Life): Promise<void> {
  const { store } = life.around;
  const { local, remote } = store.mounts();
  for (const row of local) if (row.body.kind === 'mount') await takeBack(life, row, row.body);
  for (const mount of remote) {
    if (mount.body.kind === 'mount' && store.local.get(mount.entryId) === undefined) giveAway(life, mount, mount.body);
  }
}

function giveAway({ around: { store, mounts } }: Life, mount: RemoteEntry, body: MountBody): void {
  const folder = store.local.get(body.rootId);
  if (folder?.body.kind !== 'folder' || store.remote.get(body.rootId) !== undefined) return;
  // A mount that was moved into it a moment ago is none in another drive, which has to look at what is in there.
  const below = (entry: TreeEntry & { readonly body: SyncBody }): boolean => entry.entryId !== body.rootId && entry.body.kind !== 'mount';
  mounts.take(mount.entryId, {
    local: subtreeOf(store.local, body.rootId).filter(below),
    synced: subtreeOf(store.synced, body.rootId).filter(below),
  });
  store.transaction(() => {
    dropSubtree(store.local, body.rootId, (entryId) => store.dropLocal(entryId));
    dropSubtree(store.synced, body.rootId, (entryId) => store.dropSynced(entryId));
    store.putLocal({ ...folder, entryId: mount.entryId, body });
    store.putSynced(mount);
  });
}

async function takeBack({ around: { store, mounts, rootId } }: Life, mount: LocalRow, { rootId: folderId }: MountBody): Promise<void> {
  const folder = store.remote.get(folderId);
  const path = pathOf(store, rootId, mount.entryId);
  if (store.remote.get(mount.entryId) !== undefined || folder?.body.kind !== 'folder' || store.local.get(folderId) !== undefined) return;
  const rows = path === undefined ? undefined : await mounts.give(mount.entryId, path, mount.stat);
  if (rows === undefined) return;
  store.transaction(() => {
    store.dropLocal(mount.entryId);
    store.dropSynced(mount.entryId);
    store.putLocal({ ...mount, entryId: folderId, body: folder.body });
    store.putSynced(folder);
    for (const row of rows.local) store.putLocal(row);
    for (const row of rows.synced) store.putSynced(row);
  });
}
