import type { EntryId } from '@driftbox/domain';
import type { SyncBody, TreeEntry } from '@driftbox/sync-core';
import { subtreeOf } from './drop-subtree.ts';
import { below } from './local-path.ts';
import { sameBody, sameContentStat } from './local-row.ts';
import { observeRemote, type Observed } from './observe-remote.ts';
import type { Disk, Listed, LocalPath, Stat } from './ports/disk.ts';
import type { Left } from './ports/mounts.ts';
import { Unseen } from './ports/server.ts';
import type { Store } from './ports/store.ts';
import { putBackStashed } from './put-back.ts';
import { isTrusted, trustedFromMs } from './racy-window.ts';

/** A folder that is about to be cleared, and what its drive has. */
type Clearing = { readonly disk: Disk; readonly store: Store; readonly drives: DriveContents; readonly nowMs: () => number };

/** Contents of a drive, in what was agreed on or is on the server: files by size and list, links by target. */
type DriveContents = { readonly files: ReadonlyMap<number, ReadonlySet<string>>; readonly targets: ReadonlySet<string> };

/**
 * Removes from disk what the drive has, wherever it is by now and whatever it is called, and nothing else: what was changed or made here
 * stays, with the folders around it. What a pass had put out of the way comes back before. Answers why something is there that should
 * not be; then it is worth trying again. Throws `Offline`.
 */
export async function clearSynced(around: Observed & Pick<Clearing, 'disk' | 'nowMs'>): Promise<Left | undefined> {
  const { disk, store, rootId, nowMs } = around;
  if (await wasRestored(around)) await observeRemote(around);
  await putBackStashed({ disk, store, rootId });
  const left = await clearFolder({ disk, store, nowMs, drives: contentsOf(store, rootId) }, '');
  await disk.flush();
  return left;
}

/** A drive that was restored since it was read may have forgotten what is here. One that may not be seen any longer cannot be asked. */
async function wasRestored({ server, store }: Observed): Promise<boolean> {
  const known = store.fact('epoch');
  try {
    return known !== undefined && (await server.changes(undefined, 1)).epoch !== known;
  } catch (error) {
    if (error instanceof Unseen) return false;
    throw error;
  }
}

async function clearFolder(clearing: Clearing, folder: LocalPath): Promise<Left | undefined> {
  const listed = await clearing.disk.list(folder);
  if (listed === undefined) return undefined;
  if ('failed' in listed) return { failed: listed.failed };
  let left: Left | undefined;
  for (const one of listed.entries) left = (await clearOne(clearing, below(folder, one.onDisk), one)) ?? left;
  return left;
}

async function clearOne(clearing: Clearing, path: LocalPath, { stat }: Listed): Promise<Left | undefined> {
  const left = stat.kind === 'folder' ? await clearFolder(clearing, path) : undefined;
  const known = stat.kind === 'folder' ? isOfDrive(clearing.store, stat) && stat : await asInDrive(clearing, path, stat);
  if (known === false || known === undefined) return left;
  if ('failed' in known) return known;
  const removed = await clearing.disk.remove(path, known);
  if (removed.outcome === 'failed') return { failed: removed.reason };
  // A folder goes only if it is empty by now.
  return removed.outcome === 'changed' && stat.kind !== 'folder' ? { failed: `${path} changed while it was removed` } : left;
}

function isOfDrive(store: Store, { identity }: Stat): boolean {
  const row = store.localByIdentity(identity);
  return row !== undefined && store.synced.get(row.entryId) !== undefined;
}

/** What it looks like, if the drive has it. A file that may have changed without showing it, or that nobody has looked at, is read. */
async function asInDrive({ disk, store, drives, nowMs }: Clearing, path: LocalPath, stat: Stat) {
  if (stat.kind === 'symlink') return drives.targets.has(stat.target ?? '') ? stat : undefined;
  const row = store.localByIdentity(stat.identity);
  const agreed = row && store.synced.get(row.entryId)?.body;
  if (row?.trusted === true && agreed !== undefined && sameContentStat(row.stat, stat) && sameBody(agreed, row.body)) return stat;
  const lists = drives.files.get(stat.sizeBytes);
  if (lists === undefined) return undefined;
  const readMs = nowMs();
  const read = await disk.read(path);
  if (read === undefined || 'failed' in read) return read;
  if (!lists.has(read.listId)) return undefined;
  // It may be saved once more without looking any different.
  return isTrusted(read.stat, readMs) ? read.stat : { failed: `${path} was saved a moment ago`, againMs: trustedFromMs(read.stat) };
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
