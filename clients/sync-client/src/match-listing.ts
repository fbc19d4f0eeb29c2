import type { EntryId } from '@driftbox/domain';
import { below, pathOf } from './local-path.ts';
import { kindOnDisk } from './local-row.ts';
import type { Listed, LocalPath } from './ports/disk.ts';
import type { Surroundings } from './ports/surroundings.ts';
import type { LocalRow, Store } from './ports/store.ts';

/**
 * What was found in a folder, and which entry it is: `before` is the entry's row so far, `undefined` for a new one; `returned`
 * one that was missed, and whose place this is.
 */
export type Match = {
  readonly found: Listed;
  readonly before: LocalRow | undefined;
  readonly returned: EntryId | undefined;
};

/** A folder that is looked at. */
export type At = { readonly entryId: EntryId; readonly path: LocalPath };

/** What is known of a folder's content before it is looked at. */
export type FolderRows = {
  /** By what the disk tells of a name. Of two rows at one place, one that the server has, which the other is about to leave. */
  readonly byName: ReadonlyMap<string, LocalRow>;
  readonly all: readonly LocalRow[];
};

/** Reads them all at once: asking for each by its name takes several times as long. */
export function rowsOf({ store, names }: Pick<Surroundings, 'store' | 'names'>, folderId: EntryId): FolderRows {
  const rows = [...store.local.childrenOf(folderId)];
  const byName = new Map<string, LocalRow>();
  const rank = ({ entryId }: LocalRow) => `${store.remote.get(entryId) === undefined ? 0 : 1} ${entryId}`;
  for (const row of rows) {
    const key = names.keyOf(row.name);
    const other = byName.get(key);
    if (other === undefined || rank(row) > rank(other)) byName.set(key, row);
  }
  return { byName, all: rows };
}

/**
 * Says which entry each thing in a folder is.
 * - the same identity at the same place: the same entry;
 * - an identity known from elsewhere, whose entry is missing from its place: that entry, moved here;
 * - an identity never seen, at the place of an entry of the same kind: that entry, edited (editors rename a new file over);
 * - the same at the place of an entry that was not found any more, and of which nobody was told: that entry, back again. What
 *   a mishap took out of a folder and somebody put back is not new;
 * - anything else is new, unless it has left again for the place it was known at: then it is passed over.
 * What is moved to where another entry was, before it was ever looked at, is taken for an edit of that one.
 */
export async function matchListing(around: Surroundings, rows: FolderRows, at: At, listed: readonly Listed[]): Promise<Match[]> {
  const matches: Match[] = [];
  const folders = new Set(listed.filter(({ stat }) => stat.kind === 'folder').map(({ stat }) => stat.identity));
  for (const found of listed) {
    const named = rows.byName.get(around.names.keyOf(found.name));
    // A folder that is under another name by now is that one, whatever has its old name.
    const isRenamed = named?.body.kind === 'folder' && named.stat.identity !== found.stat.identity && folders.has(named.stat.identity);
    const here = isRenamed ? undefined : named;
    const entry = entryOf(around, at.path, found, here);
    const before = entry instanceof Promise ? await entry : entry;
    if (before === 'left') continue;
    const returned = before === undefined && here === undefined ? missedAt(around.store, at.entryId, found) : undefined;
    matches.push({ found, before, returned });
  }
  return matches;
}

/** The entry that was agreed on at a place and is not on disk any more, if what is found there may be that again. */
function missedAt({ synced, local }: Store, folderId: EntryId, { name, stat }: Listed): EntryId | undefined {
  const missed = synced.childAt(folderId, name);
  return missed?.body.kind === stat.kind && local.get(missed.entryId) === undefined ? missed.entryId : undefined;
}

/** Waits only where the disk has to be asked: a folder of many files must not cost as many turns. */
function entryOf(
  around: Surroundings,
  folder: LocalPath,
  found: Listed,
  here: LocalRow | undefined,
): LocalRow | undefined | Promise<LocalRow | 'left' | undefined> {
  const { stat } = found;
  if (here?.stat.identity === stat.identity) return here;
  const known = around.store.localByIdentity(stat.identity);
  if (known === undefined) return here?.body.kind === stat.kind ? here : undefined;
  return whereIs(around, known, below(folder, found.onDisk), found).then((where) => (where === 'here' ? known : where));
}

/**
 * Where an entry is whose identity was found elsewhere than it was known: `here`, as it is not at its place any more; or `left`
 * again, for that place; or it has nothing to do with what was found.
 */
async function whereIs(around: Surroundings, row: LocalRow, at: LocalPath, { stat }: Listed): Promise<'here' | 'left' | undefined> {
  const { disk, store, rootId, names } = around;
  if (kindOnDisk(row.body) !== stat.kind) return undefined;
  const path = pathOf(store, rootId, row.entryId);
  // Found right there, perhaps because a folder above it is another one by now, or under another spelling that the disk does not
  // tell apart: it says nothing of a second place.
  if (path !== undefined && names.keyOf(path) === names.keyOf(at)) return 'here';
  const there = path === undefined ? undefined : await disk.stat(path);
  if (there === undefined || there.kind !== stat.kind) return 'here';
  // A hard link, if it is still here; folders have none.
  if (there.identity === row.stat.identity)
    return stat.kind !== 'folder' && (await disk.stat(at))?.identity === stat.identity ? undefined : 'left';
  // A folder made in its place, something whose own entry is known, or else a file written anew there.
  if (stat.kind === 'folder') return 'here';
  return store.localByIdentity(there.identity) !== undefined || (await isInAnother(around, row)) ? 'here' : undefined;
}

/** True when the folder that an entry was in has another one in its place by now: what is found there says nothing of it. */
async function isInAnother({ disk, store, rootId }: Surroundings, { parentId }: LocalRow): Promise<boolean> {
  const folder = store.local.get(parentId);
  const path = pathOf(store, rootId, parentId);
  if (folder === undefined || path === undefined) return false;
  return (await disk.stat(path))?.identity !== folder.stat.identity;
}
