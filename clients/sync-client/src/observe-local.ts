import type { EntryId } from '@driftbox/domain';
import { dropSubtree, subtreeOf } from './drop-subtree.ts';
import type { Life } from './life.ts';
import { below } from './local-path.ts';
import { observedRow, sameRow } from './local-row.ts';
import { matchListing, rowsOf, type At, type FolderRows, type Match } from './match-listing.ts';
import { RootEmptied, RootUnreadable, type Listing } from './ports/disk.ts';
import type { LocalRow, Store } from './ports/store.ts';
import { isTrusted, trustedFromMs } from './racy-window.ts';

/** What a look through the whole folder came to. */
type Look = {
  /** Entries that were not found so far. */
  readonly missing: Set<EntryId>;
  /** Entries whose place another one has now. */
  readonly displaced: Set<EntryId>;
  /** Whether every folder could be read. */
  isWhole: boolean;
  /** Whether anything was not as it was recorded. */
  isNews: boolean;
};

/** For how long something missing may lie in a folder that cannot be read just now. */
const unreadableGraceMs = 60_000;
/** How often a folder is looked through that does not hold still. */
const maxLooks = 5;

/**
 * Looks at the whole folder and records what is there. Folders come before what they hold, so that children are compared in
 * their folder's new place. Each folder is one transaction: a crash in between leaves rows that the next look puts right.
 *
 * What is not found may have moved, while the folder was looked through, to where that had been done already. So something
 * counts as gone only when another look finds everything else as the last one left it. Nothing does when all of it is missing at
 * once: then a person is asked first, and before that can be seen nothing is done. Throws `RootGone`, `RootEmptied`, `RootUnreadable`.
 */
export async function observeLocal(life: Life): Promise<void> {
  let look = await lookThrough(life);
  for (let looks = 1; look.missing.size > 0 && looks < maxLooks; looks += 1) {
    look = await lookThrough(life);
    if (!look.isNews) break;
  }
  const objection = isEmptied(life, look) ? life.around.objectionToEmpty() : undefined;
  if (objection !== undefined) throw new RootEmptied(objection);
  life.around.store.transaction(() => concludeMissing(life, look));
}

/** Nothing that was known is there any more, and some of it is on the server still. */
function isEmptied({ around: { store, rootId }, held }: Life, { missing }: Look): boolean {
  if (missing.size === 0) return false;
  const known = [...store.local.childrenOf(rootId)];
  if (!known.every(({ entryId }) => missing.has(entryId) && !held.has(entryId))) return false;
  return known.some(({ entryId }) => store.synced.get(entryId) !== undefined && store.remote.get(entryId) !== undefined);
}

async function lookThrough(life: Life): Promise<Look> {
  const { disk, rootId } = life.around;
  const look: Look = { missing: new Set(), displaced: new Set(), isWhole: true, isNews: false };
  const folders: At[] = [{ entryId: rootId, path: '' }];
  for (const folder of folders) {
    const listing = await disk.list(folder.path);
    if (folder.path === '' && listing !== undefined && 'failed' in listing) throw new RootUnreadable(listing.failed);
    if (listing === undefined || 'failed' in listing) look.isWhole = false;
    // Gone since its parent was looked at: the next look sees it where it is, or misses it there.
    if (listing === undefined) continue;
    if ('failed' in listing) noteUnreadable(life, folder.entryId, listing.failed);
    else folders.push(...(await observeFolder(life, folder, listing, look)));
  }
  return look;
}

function concludeMissing(life: Life, look: Look): void {
  const { store, nowMs } = life.around;
  for (const entryId of life.missedSince.keys()) if (!look.missing.has(entryId)) life.missedSince.delete(entryId);
  for (const entryId of look.missing) {
    if (life.held.has(entryId)) {
      noteUnreadable(life, entryId, 'put aside by an earlier pass, and not yet put back');
      continue;
    }
    const sinceMs = life.missedSince.get(entryId) ?? nowMs();
    const isHidden = !look.isWhole && nowMs() - sinceMs <= unreadableGraceMs;
    // One whose place is taken cannot be left there.
    if (!isHidden || (look.displaced.has(entryId) && !hasMount(store, entryId))) {
      dropSubtree(store.local, entryId, (id) => store.dropLocal(id));
      continue;
    }
    life.missedSince.set(entryId, sinceMs);
    if (look.displaced.has(entryId)) throw new RootUnreadable('a shared drive was moved, perhaps to where nothing can be read');
    life.lookAgainAt(sinceMs + unreadableGraceMs + 1);
    noteUnreadable(life, entryId, 'not found, and perhaps in a folder that cannot be read');
  }
}

/** Whether it is a shared drive, or one shows up below it: given up, what others have in it would become this person's own. */
function hasMount(store: Store, entryId: EntryId): boolean {
  return subtreeOf(store.local, entryId).some(({ body }) => body.kind === 'mount');
}

/** Records what one folder holds, and answers the folders in it. */
async function observeFolder(life: Life, folder: At, listing: Listing, look: Look): Promise<At[]> {
  const { store, nowMs } = life.around;
  const seenMs = nowMs();
  const wanted = wantedOf(life, folder, listing);
  const rows = rowsOf(life.around, folder.entryId);
  const matches = await matchListing(life.around, rows, folder, wanted.entries);
  const inside: At[] = [];
  store.transaction(() => {
    clearUnreadable(store, folder.entryId);
    const matched = new Set<EntryId>();
    for (const match of foldersFirst(matches)) {
      const row = recordMatch(life, folder.entryId, match, look, seenMs);
      matched.add(row.entryId);
      look.missing.delete(row.entryId);
      if (row.body.kind === 'folder') inside.push({ entryId: row.entryId, path: below(folder.path, row.onDisk) });
    }
    for (const { name, reason } of wanted.unusable) holdUnusable(life, folder.entryId, name, reason, matched);
    noteMissing(life, rows, matches, matched, look);
  });
  return inside;
}

/** Nothing in the folder was matched with these; where something else has their name, they cannot be there any more. */
function noteMissing(
  { around: { names } }: Life,
  rows: FolderRows,
  matches: readonly Match[],
  matched: ReadonlySet<EntryId>,
  look: Look,
): void {
  const missing = rows.all.filter(({ entryId }) => !matched.has(entryId));
  if (missing.length === 0) return;
  const taken = new Set(matches.map(({ found }) => names.keyOf(found.name)));
  for (const { entryId, name } of missing) {
    look.missing.add(entryId);
    if (taken.has(names.keyOf(name))) look.displaced.add(entryId);
  }
}

function foldersFirst(matches: readonly Match[]): Match[] {
  return [...matches.filter(({ found }) => found.stat.kind === 'folder'), ...matches.filter(({ found }) => found.stat.kind !== 'folder')];
}

function wantedOf({ around }: Life, folder: At, { entries, unusable }: Listing): Listing {
  const kept = entries.filter(({ onDisk, stat }) => !around.ignored(below(folder.path, onDisk), stat.kind));
  const other = kept.filter(({ stat }) => stat.kind === 'other').map(({ name }) => ({ name, reason: 'neither file, folder nor symlink' }));
  return { entries: kept.filter(({ stat }) => stat.kind !== 'other'), unusable: [...unusable, ...other] };
}

function recordMatch(life: Life, folderId: EntryId, { found, before, returned }: Match, look: Look, seenMs: number): LocalRow {
  const { store, freshEntryId } = life.around;
  const seen = observedRow(before?.entryId ?? returned ?? freshEntryId(), { parentId: folderId, name: found.name }, before, found);
  // Whether a folder can be read is seen when it is listed.
  const row = seen.body.kind === 'folder' && before?.unreadable !== undefined ? { ...seen, unreadable: before.unreadable } : seen;
  if (row.body.kind === 'file' && !row.trusted) noteDoubt(life, row, row.body.listId !== undefined, seenMs);
  if (before !== undefined && sameRow(before, row)) return before;
  store.putLocal(row);
  look.isNews = true;
  return row;
}

/** Once the racy window is over a file is read again; one that was never read will be for its own sake. */
function noteDoubt(life: Life, { entryId, stat }: LocalRow, wasRead: boolean, seenMs: number): void {
  if (!isTrusted(stat, seenMs)) life.lookAgainAt(trustedFromMs(stat));
  else if (wasRead) life.doubtful.add(entryId);
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
