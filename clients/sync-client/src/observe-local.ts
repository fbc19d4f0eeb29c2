import type { EntryId } from '@driftbox/domain';
import { dropSubtree } from './drop-subtree.ts';
import type { Life } from './life.ts';
import { below } from './local-path.ts';
import { observedRow, sameRow } from './local-row.ts';
import { matchListing, unmatched, type Match } from './match-listing.ts';
import type { Listing, LocalPath } from './ports/disk.ts';
import type { LocalRow, Store } from './ports/store.ts';
import { isTrusted, trustedFromMs } from './racy-window.ts';

type Folder = { readonly entryId: EntryId; readonly path: LocalPath };

/**
 * Looks at the whole folder and records what is there. Folders come before what they hold, so that children are compared in
 * their folder's new place. An entry counts as gone only when all has been seen and it was nowhere. Each folder is one
 * transaction: a crash in between leaves rows that the next look puts right. Throws `RootGone`.
 */
export async function observeLocal(life: Life): Promise<void> {
  const { disk, store, rootId } = life.around;
  const missing = new Set<EntryId>();
  const folders: Folder[] = [{ entryId: rootId, path: '' }];
  for (const folder of folders) {
    const listing = await disk.list(folder.path);
    // Gone since its parent was looked at: the next look sees it where it is, or misses it there.
    if (listing === undefined) continue;
    if ('failed' in listing) noteUnreadable(life, folder.entryId, listing.failed);
    else folders.push(...(await observeFolder(life, folder, listing, missing)));
  }
  store.transaction(() => {
    for (const entryId of missing) dropSubtree(store.local, entryId, (id) => store.dropLocal(id));
  });
}

/** Records what one folder holds, and answers the folders in it. */
async function observeFolder(life: Life, folder: Folder, listing: Listing, missing: Set<EntryId>): Promise<Folder[]> {
  const { store, nowMs } = life.around;
  const seenMs = nowMs();
  const wanted = wantedOf(life, folder, listing);
  const matches = await matchListing(life.around, folder.entryId, wanted.entries);
  const inside: Folder[] = [];
  store.transaction(() => {
    clearUnreadable(store, folder.entryId);
    const matched = new Set<EntryId>();
    for (const match of foldersFirst(matches)) {
      const row = recordMatch(life, folder.entryId, match, seenMs);
      matched.add(row.entryId);
      missing.delete(row.entryId);
      if (row.body.kind === 'folder') inside.push({ entryId: row.entryId, path: below(folder.path, row.onDisk) });
    }
    for (const { name, reason } of wanted.unusable) holdUnusable(life, folder.entryId, name, reason, matched);
    for (const entryId of unmatched(store, folder.entryId, matched)) missing.add(entryId);
  });
  return inside;
}

function foldersFirst(matches: readonly Match[]): Match[] {
  return [...matches.filter(({ found }) => found.stat.kind === 'folder'), ...matches.filter(({ found }) => found.stat.kind !== 'folder')];
}

function wantedOf({ around }: Life, folder: Folder, { entries, unusable }: Listing): Listing {
  const kept = entries.filter(({ onDisk, stat }) => !around.ignored(below(folder.path, onDisk), stat.kind));
  const other = kept.filter(({ stat }) => stat.kind === 'other').map(({ name }) => ({ name, reason: 'neither file, folder nor symlink' }));
  return { entries: kept.filter(({ stat }) => stat.kind !== 'other'), unusable: [...unusable, ...other] };
}

function recordMatch(life: Life, folderId: EntryId, { found, before }: Match, seenMs: number): LocalRow {
  const { store, freshEntryId } = life.around;
  const row = observedRow(before?.entryId ?? freshEntryId(), { parentId: folderId, name: found.name }, before, found, seenMs);
  if (row.body.kind === 'file' && !isTrusted(row.stat, seenMs)) life.lookAgainAt(trustedFromMs(row.stat));
  if (before === undefined || !sameRow(before, row)) store.putLocal(row);
  return row;
}

/** Something is in an entry's place that cannot be synced: that entry is neither gone nor changed, as far as can be said. */
function holdUnusable(life: Life, folderId: EntryId, name: string, reason: string, matched: Set<EntryId>): void {
  const row = life.around.store.local.childAt(folderId, name);
  if (row === undefined || matched.has(row.entryId)) return;
  matched.add(row.entryId);
  noteUnreadable(life, row.entryId, reason);
}

function noteUnreadable({ around: { store } }: Life, entryId: EntryId, reason: string): void {
  const row = store.local.get(entryId);
  if (row !== undefined && row.unreadable !== reason) store.putLocal({ ...row, unreadable: reason });
}

function clearUnreadable(store: Store, folderId: EntryId): void {
  const row = store.local.get(folderId);
  if (row?.unreadable !== undefined) store.putLocal({ ...row, unreadable: undefined });
}
