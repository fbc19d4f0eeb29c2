import type { EntryId } from '@driftbox/domain';
import type { SyncBody, TreeEntry } from '@driftbox/sync-core';
import { subtreeOf } from './drop-subtree.ts';
import { below } from './local-path.ts';
import { sameBody, sameContentStat } from './local-row.ts';
import type { Disk, Listed, LocalPath, Stat } from './ports/disk.ts';
import type { Store } from './ports/store.ts';
import { putBackStashed } from './put-back.ts';

/** A folder that is about to be cleared, and what its drive has. */
type Clearing = { readonly disk: Disk; readonly store: Store; readonly drives: DriveContents };

/** Contents of a drive, in what was agreed on or is on the server: files by size and list, links by target. */
type DriveContents = { readonly files: ReadonlyMap<number, ReadonlySet<string>>; readonly targets: ReadonlySet<string> };

/**
 * Removes from disk what the drive has, wherever it is by now and whatever it is called, and nothing else: what was changed or made here
 * stays, with the folders around it. What a pass had put out of the way comes back before. Answers why something is there that should
 * not be; then it is worth trying again.
 */
export async function clearSynced(disk: Disk, store: Store, rootId: EntryId): Promise<string | undefined> {
  await putBackStashed({ disk, store, rootId });
  const failed = await clearFolder({ disk, store, drives: contentsOf(store, rootId) }, '');
  await disk.flush();
  return failed;
}

async function clearFolder(clearing: Clearing, folder: LocalPath): Promise<string | undefined> {
  const listed = await clearing.disk.list(folder);
  if (listed === undefined) return undefined;
  if ('failed' in listed) return listed.failed;
  let failed: string | undefined;
  for (const one of listed.entries) failed = (await clearOne(clearing, below(folder, one.onDisk), one)) ?? failed;
  return failed;
}

async function clearOne(clearing: Clearing, path: LocalPath, { stat }: Listed): Promise<string | undefined> {
  const failed = stat.kind === 'folder' ? await clearFolder(clearing, path) : undefined;
  const known = stat.kind === 'folder' ? isOfDrive(clearing.store, stat) && stat : await asInDrive(clearing, path, stat);
  if (known === false || known === undefined) return failed;
  if ('failed' in known) return known.failed;
  const removed = await clearing.disk.remove(path, known);
  if (removed.outcome === 'failed') return removed.reason;
  // A folder goes only if it is empty by now.
  return removed.outcome === 'changed' && stat.kind !== 'folder' ? `${path} changed while it was removed` : failed;
}

function isOfDrive(store: Store, { identity }: Stat): boolean {
  const row = store.localByIdentity(identity);
  return row !== undefined && store.synced.get(row.entryId) !== undefined;
}

/** What it looks like, if the drive has it. A file that may have changed without showing it, or that nobody has looked at, is read. */
async function asInDrive({ disk, store, drives }: Clearing, path: LocalPath, stat: Stat) {
  if (stat.kind === 'symlink') return drives.targets.has(stat.target ?? '') ? stat : undefined;
  const row = store.localByIdentity(stat.identity);
  const agreed = row && store.synced.get(row.entryId)?.body;
  if (row?.trusted === true && agreed !== undefined && sameContentStat(row.stat, stat) && sameBody(agreed, row.body)) return stat;
  const lists = drives.files.get(stat.sizeBytes);
  if (lists === undefined) return undefined;
  const read = await disk.read(path);
  if (read === undefined || 'failed' in read) return read;
  return lists.has(read.listId) ? read.stat : undefined;
}

function contentsOf({ synced, remote }: Store, rootId: EntryId): DriveContents {
  const files = new Map<number, Set<string>>();
  const targets = new Set<string>();
  const add = (body: SyncBody): void => {
    if (body.kind === 'symlink') targets.add(body.target);
    if (body.kind !== 'file' || body.listId === undefined) return;
    files.set(body.sizeBytes, (files.get(body.sizeBytes) ?? new Set()).add(body.listId));
  };
  for (const tree of [synced, remote]) for (const { body } of subtreeOf<TreeEntry & { readonly body: SyncBody }>(tree, rootId)) add(body);
  return { files, targets };
}
