import { parsePath, type EntryId, type Name } from '@driftbox/domain';
import type { Database, Result, Transaction } from '@driftbox/postgres';
import { Problem, type AnswerOf, type Entry, type Routes } from '@driftbox/protocol';
import { readInDrive, readInEntry, requireEntry, type Asker } from './access-drive.ts';
import { keysOf, pageFrom } from './cursor.ts';
import type { EntryAccessRow } from './present-drive.ts';
import { presentEntry, presentRevision } from './present-entry.ts';
import type { EntryRow, RevisionRow, ShownRow } from './store/entry-row.ts';
import {
  listChildren as childrenSql,
  listDescendants as descendantsSql,
  listRevisions as revisionsSql,
  listTrash as trashSql,
} from './store/list-entries.ts';
import { findDeparted } from './store/find-departed.ts';
import { readEntry } from './store/read-entry.ts';
import { readPath, walkPath } from './store/read-path.ts';
import { present } from './store/present.ts';

/** A page as every list answers it. */
export type Page = { items: Entry[]; nextCursor?: string };

export const notHere = (): Problem => new Problem('not_found', 'There is no such entry');

/** What to answer where an entry is not: the drive it moved to for who may read that, `not_found` for everybody else. */
export async function goneFrom(database: Database, { tenantId, driveId, userId, signal }: Asker, entryId: EntryId): Promise<Problem> {
  const { rows } = await database.withTenant<{ drive_id: string }>(tenantId, findDeparted, [tenantId, driveId, entryId, userId], {
    signal,
  });
  return rows[0] === undefined ? notHere() : new Problem('moved', undefined, { details: { drive: rows[0].drive_id } });
}

/** One entry, in the trash or not. */
export async function getEntry(database: Database, asker: Asker, entryId: EntryId): Promise<Entry> {
  const { rows } = await readInEntry<EntryRow>(database, asker, entryId, readEntry, [entryId]);
  if (rows[0] === undefined) throw await goneFrom(database, asker, entryId);
  return presentEntry(rows[0]);
}

/** The live children of a folder, or of the root, by name. */
export async function listChildren(
  database: Database,
  asker: Asker,
  folder: EntryId,
  cursor: string | undefined,
  limit: number,
): Promise<Page> {
  const [after] = keysOf(cursor, ['string']) ?? [null];
  const rows = await readBelow<ShownRow>(database, asker, folder, (tx) =>
    tx.last(childrenSql, [asker.tenantId, asker.driveId, folder, after, limit + 1]),
  );
  return pageFrom(rows, limit, presentEntry, (row) => [row.name]);
}

/** Everything live below a folder, or the root, parents before their children. */
export async function listDescendants(
  database: Database,
  asker: Asker,
  folder: EntryId,
  cursor: string | undefined,
  limit: number,
): Promise<Page> {
  const [depth, id] = keysOf(cursor, ['number', 'string']) ?? [null, null];
  const values = [asker.tenantId, asker.driveId, folder, depth, id, limit + 1];
  const rows = await readBelow<ShownRow & { depth: number }>(database, asker, folder, (tx) => tx.last(descendantsSql, values));
  return pageFrom(rows, limit, presentEntry, (row) => [row.depth, row.entry_id]);
}

/** Lists below a folder that the asker may read; `not_found` when the folder is none. One round trip. */
async function readBelow<Row>(
  database: Database,
  asker: Asker,
  folder: EntryId,
  list: (tx: Transaction) => Promise<Result<Row>>,
): Promise<Row[]> {
  const [drive, found, page] = await database.transaction(
    asker.tenantId,
    (tx): Promise<[EntryAccessRow, Result<EntryRow>, Result<Row>]> =>
      Promise.all([
        requireEntry(tx, asker, folder, 'read'),
        tx.query<EntryRow>(readEntry, [asker.tenantId, asker.driveId, folder]),
        list(tx),
      ]),
    { readOnly: true, signal: asker.signal },
  );
  if (drive.root_id !== folder && found.rows[0]?.kind !== 1) throw await goneFrom(database, asker, folder);
  return page.rows;
}

/** The retained revisions of an entry, newest first. */
export async function listRevisions(
  database: Database,
  asker: Asker,
  entryId: EntryId,
  cursor: string | undefined,
  limit: number,
): Promise<Page> {
  const [before] = keysOf(cursor, ['number']) ?? [null];
  const { rows } = await readInEntry<RevisionRow>(database, asker, entryId, revisionsSql, [entryId, before, limit + 1]);
  if (rows.length === 0 && cursor === undefined) throw await goneFrom(database, asker, entryId);
  return pageFrom(rows, limit, presentRevision, (row) => [row.rev]);
}

/** What was deleted and can be put back, newest first. */
export async function listTrash(database: Database, asker: Asker, cursor: string | undefined, limit: number): Promise<Page> {
  const [before, after] = keysOf(cursor, ['number', 'string']) ?? [null, null];
  const { rows } = await readInDrive<EntryRow>(database, asker, trashSql, [before, after, limit + 1]);
  return pageFrom(rows, limit, presentEntry, (row) => [present(row.trashed_seq), row.entry_id]);
}

/** The names from the root down to an entry, or from the topmost folder that the asker was let in to. */
export async function getEntryPath(database: Database, asker: Asker, entryId: EntryId): Promise<AnswerOf<Routes['getEntryPath']>> {
  const { drive, rows: all } = await readInEntry<{ entry_id: EntryId; name: string }>(database, asker, entryId, readPath, [entryId]);
  if (all.length === 0) throw await goneFrom(database, asker, entryId);
  const rows = drive.role === null ? all.slice(all.findIndex((row) => row.entry_id === drive.entry_top)) : all;
  return { path: `/${rows.map((row) => row.name).join('/')}`, ancestors: rows.map((row) => ({ entryId: row.entry_id, name: row.name })) };
}

/** The entry at a path from the root; the root itself is no entry and not found. */
export async function resolvePath(database: Database, asker: Asker, path: string): Promise<Entry> {
  const names = namesOf(path);
  const { rows } = await readInDrive<EntryRow & { step: number }>(database, asker, walkPath, [names, null]);
  const found = rows.at(-1);
  if (found === undefined || found.step !== names.length) throw new Problem('not_found', 'There is nothing at this path');
  return presentEntry(found);
}

/** The names of a path; `invalid_argument` for what is none. */
export function namesOf(path: string): readonly Name[] {
  const parsed = parsePath(path);
  if (!parsed.ok) throw new Problem('invalid_argument', parsed.detail);
  return parsed.names;
}
