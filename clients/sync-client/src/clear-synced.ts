import type { EntryId } from '@driftbox/domain';
import { below } from './local-path.ts';
import { sameBody } from './local-row.ts';
import type { Disk, LocalPath, Stat } from './ports/disk.ts';
import type { LocalRow, Store } from './ports/store.ts';
import { putBackStashed } from './put-back.ts';

/**
 * Removes from disk what is in sync, as it was when it was last looked at, and nothing else: what was changed or made since stays,
 * with the folders around it. What a pass had put out of the way comes back before.
 */
export async function clearSynced(disk: Disk, store: Store, rootId: EntryId): Promise<void> {
  await putBackStashed({ disk, store, rootId });
  await clearFolder(disk, store, rootId, '');
  await disk.flush();
}

async function clearFolder(disk: Disk, store: Store, folderId: EntryId, folder: LocalPath): Promise<void> {
  for (const row of store.local.childrenOf(folderId)) {
    const path = below(folder, row.onDisk);
    if (row.body.kind === 'folder') await clearFolder(disk, store, row.entryId, path);
    // A folder goes only if it is empty by now.
    const stat = row.body.kind === 'folder' ? row.stat : await asSynced(disk, store, row, path);
    if (stat !== undefined) await disk.remove(path, stat);
  }
}

/** What it looks like, if it is what was agreed on. A file that may have changed without showing it is read. */
async function asSynced(
  disk: Disk,
  { synced }: Store,
  { entryId, body, stat, trusted }: LocalRow,
  path: LocalPath,
): Promise<Stat | undefined> {
  const agreed = synced.get(entryId)?.body;
  if (agreed === undefined || !sameBody(agreed, body)) return undefined;
  if (trusted || agreed.kind !== 'file') return stat;
  const read = await disk.read(path);
  return read !== undefined && 'listId' in read && read.listId === agreed.listId ? read.stat : undefined;
}
