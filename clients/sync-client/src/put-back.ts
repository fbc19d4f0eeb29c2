import type { EntryId, Place } from '@driftbox/domain';
import { agreeOnDone } from './agree.ts';
import type { Life } from './life.ts';
import { below, pathOf } from './local-path.ts';
import { observedRow } from './local-row.ts';
import type { Stat } from './ports/disk.ts';
import type { LocalRow, Store } from './ports/store.ts';
import type { Surroundings } from './ports/surroundings.ts';

const namesTried = 100;

/**
 * Finds a place for everything that is in the stash because a pass did not come to its end: where it was on its way to, or
 * where it was, or beside that. What no place is found for is held: it is not missing.
 */
export async function putBack(life: Life): Promise<void> {
  life.held.clear();
  for (const [entryId, isBack] of await putBackStashed(life.around)) {
    if (isBack) life.unflushed = true;
    else life.held.add(entryId);
  }
}

/** The folder that is synced, and what is known of it. */
type Folder = Pick<Surroundings, 'disk' | 'rootId' | 'store'>;

/** The same without a loop: each entry that was in the stash, and whether a place was found for it. */
export async function putBackStashed(folder: Folder): Promise<ReadonlyMap<EntryId, boolean>> {
  const back = new Map<EntryId, boolean>();
  for (const entryId of await folder.disk.stashed()) back.set(entryId, await putBackOne(folder, entryId));
  return back;
}

async function putBackOne({ disk, rootId, store }: Folder, entryId: EntryId): Promise<boolean> {
  const row = store.local.get(entryId);
  const wanted = row === undefined ? undefined : store.remote.get(entryId);
  for (const place of placesFor(entryId, row, wanted, rootId)) {
    const folder = pathOf(store, rootId, place.parentId);
    if (folder === undefined || (folder !== '' && (await disk.stat(folder))?.kind !== 'folder')) continue;
    const path = below(folder, place.name);
    if ((await disk.stat(path)) !== undefined) continue;
    if (row !== undefined) recordBeside(store, row, place);
    const back = await disk.unstash(entryId, path);
    if (back.outcome === 'failed') return false;
    if (back.outcome === 'changed') continue;
    const now = store.local.get(entryId);
    const { stat } = back;
    if (now !== undefined && stat !== undefined) store.transaction(() => recordPutBack(store, now, stat));
    return true;
  }
  return false;
}

function* placesFor(entryId: EntryId, row: LocalRow | undefined, wanted: Place | undefined, rootId: EntryId): Iterable<Place> {
  if (wanted !== undefined) yield wanted;
  if (row !== undefined) yield { parentId: row.parentId, name: row.onDisk };
  const name = row?.onDisk ?? entryId;
  for (const parentId of new Set([row?.parentId ?? rootId, rootId])) {
    for (let n = 1; n <= namesTried; n += 1) yield { parentId, name: `${name} (put back ${n})` };
  }
}

/**
 * It is there, and as a loss of power may have left it. What it was stashed for is as far from done as before, and so are the
 * pauses before that is tried again.
 */
function recordPutBack(store: Store, row: LocalRow, stat: Stat): void {
  store.putLocal(observedRow(row.entryId, row, row, { name: row.name, onDisk: row.onDisk, stat }));
  agreeOnDone(store, row.entryId);
}

/**
 * Nobody moved it there, so it counts as agreed on that it is there, and the next pass moves it to where the server has it.
 * Recorded first: found there without a record, it would be taken for a user's move.
 */
function recordBeside(store: Store, row: LocalRow, { parentId, name }: Place): void {
  if (row.parentId === parentId && row.onDisk === name) return;
  store.transaction(() => {
    store.putLocal({ ...row, parentId, name, onDisk: name });
    const synced = store.synced.get(row.entryId);
    if (synced !== undefined) store.putSynced({ ...synced, parentId, name });
  });
}
