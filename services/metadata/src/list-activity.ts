import { changeActions, parseDeviceId, parseEntryId, parseUserId, type EntryId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import type { AnswerOf, Deed, Routes } from '@driftbox/protocol';
import { readInDrive, readInEntry, type Asker } from './access-drive.ts';
import { keysOf, pageFrom } from './cursor.ts';
import { goneFrom } from './read-entries.ts';
import { stored } from './store/entry-row.ts';
import { listDriveActivity, listEntryActivity, type DeedRow } from './store/list-activity.ts';

/**
 * What was done in a drive, or to one entry of it, newest first, for who may read the one or the other. Throws `not_found`, and `moved` for
 * an entry that is in another drive that the asker may read.
 */
export async function listActivity(
  database: Database,
  asker: Asker,
  { entry, cursor, limit }: { readonly entry: EntryId | undefined; readonly cursor: string | undefined; readonly limit: number },
): Promise<AnswerOf<Routes['listActivity']>> {
  const [before] = keysOf(cursor, ['number']) ?? [null];
  const page = [before, limit + 1];
  const { rows } =
    entry === undefined
      ? await readInDrive<DeedRow>(database, asker, listDriveActivity, page)
      : await readInEntry<DeedRow>(database, asker, entry, listEntryActivity, [...page, entry]);
  if (entry !== undefined && rows.length === 0 && cursor === undefined) throw await goneFrom(database, asker, entry);
  return pageFrom(rows, limit, present, (row) => [row.place]);
}

function present(row: DeedRow): Deed {
  const action = row.action === null ? undefined : changeActions[row.action];
  return {
    seq: row.seq,
    entryId: stored(parseEntryId, row.entry_id),
    rev: row.rev,
    ...(action === undefined ? {} : { action }),
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.by === null ? {} : { by: stored(parseUserId, row.by) }),
    ...(row.by_name === null ? {} : { byName: row.by_name }),
    ...(row.device === null ? {} : { device: stored(parseDeviceId, row.device) }),
    ...(row.at === null ? {} : { at: new Date(row.at).toISOString() }),
  };
}
