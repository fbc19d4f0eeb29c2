import { entryKinds, parseEntryId, type EntryId } from '@driftbox/domain';
import type { Database, Result } from '@driftbox/postgres';
import { Problem, type AnswerOf, type Routes } from '@driftbox/protocol';
import { readInEntry, requireDrive, requireEntry, type Asker } from './access-drive.ts';
import { presentRevision } from './present-entry.ts';
import { goneFrom, namesOf, notHere } from './read-entries.ts';
import { stored, type EntryRow, type RevisionRow } from './store/entry-row.ts';
import type { DriveRow } from './store/lock-drive.ts';
import { readRevision } from './store/read-entry.ts';
import { walkPath } from './store/read-path.ts';
import { present } from './store/present.ts';

/** What a file consists of, current or at a revision. Files in the trash have content still: the drive's history shows it. */
export async function locateContent(
  database: Database,
  asker: Asker,
  entryId: EntryId,
  rev: number | undefined,
): Promise<AnswerOf<Routes['locateContent']>> {
  const { rows } = await readInEntry<RevisionRow>(database, asker, entryId, readRevision, [entryId, rev ?? null]);
  if (rows[0] === undefined) throw await goneFrom(database, asker, entryId);
  const found = presentRevision(rows[0]);
  if (found.kind !== 'file') throw notHere();
  const { name, sizeBytes, mtime, listId, chunks } = found;
  return { name, rev: found.rev, sizeBytes, mtime, listId, ...(chunks === undefined ? {} : { chunks }) };
}

/**
 * Where a path would be written: the folder it is in, which must be there, and what stands there now. The path is from the root, or
 * from a folder (`below`) that the asker may write; of no names at all it is `below` itself.
 */
export async function resolveForWrite(
  database: Database,
  asker: Asker,
  path: string,
  below: EntryId | undefined,
): Promise<AnswerOf<Routes['resolveForWrite']>> {
  const names = namesOf(path);
  if (names.length === 0 && below === undefined) throw new Problem('invalid_argument', 'The root cannot be written');
  const [drive, walked] = await database.transaction(
    asker.tenantId,
    (tx): Promise<[DriveRow, Result<Step>]> =>
      Promise.all([
        below === undefined ? requireDrive(tx, asker, 'write') : requireEntry(tx, asker, below, 'write'),
        tx.query<Step>(walkPath, [asker.tenantId, asker.driveId, names, below ?? null]),
      ]),
    { readOnly: true, signal: asker.signal },
  );
  const at = new Map(walked.rows.map((row) => [row.step, row]));
  if (below !== undefined && at.get(0) === undefined) throw await goneFrom(database, asker, below);
  const there = at.get(names.length);
  const entry = there === undefined ? {} : { entry: presentStep(there) };
  if (names.length === 0) {
    const { parent_id: parentId, name } = present(there);
    return { driveEpoch: drive.epoch, parentId: stored(parseEntryId, parentId), name, ...entry };
  }
  const parent = at.get(names.length - 1);
  const isRoot = parent === undefined && names.length === 1;
  if (!isRoot && parent?.kind !== 1) throw new Problem('not_found', 'There is no such folder');
  const parentId = stored(parseEntryId, parent?.entry_id ?? drive.root_id);
  return { driveEpoch: drive.epoch, parentId, name: present(names.at(-1)), ...entry };
}

type Step = EntryRow & { readonly step: number };

function presentStep(row: EntryRow) {
  return { entryId: row.entry_id as EntryId, kind: present(entryKinds[row.kind]), rev: row.rev };
}
