import { entryKinds, type EntryId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, type AnswerOf, type Routes } from '@driftbox/protocol';
import { readInEntry, requireDrive, type Asker } from './access-drive.ts';
import { presentRevision } from './present-entry.ts';
import { goneFrom, namesOf, notHere } from './read-entries.ts';
import type { EntryRow, RevisionRow } from './store/entry-row.ts';
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

/** Where a path would be written: the folder it is in, which must be there, and what stands there now. */
export async function resolveForWrite(database: Database, asker: Asker, path: string): Promise<AnswerOf<Routes['resolveForWrite']>> {
  const names = namesOf(path);
  if (names.length === 0) throw new Problem('invalid_argument', 'The root cannot be written');
  const [drive, walked] = await database.transaction(
    asker.tenantId,
    (tx) =>
      Promise.all([
        requireDrive(tx, asker, 'write'),
        tx.query<EntryRow & { step: number }>(walkPath, [asker.tenantId, asker.driveId, names]),
      ]),
    { readOnly: true, signal: asker.signal },
  );
  const at = new Map(walked.rows.map((row) => [row.step, presentStep(row)]));
  const parent = names.length === 1 ? { entryId: drive.root_id as EntryId, kind: 'folder' } : at.get(names.length - 1);
  if (parent?.kind !== 'folder') throw new Problem('not_found', 'There is no such folder');
  const there = at.get(names.length);
  return {
    driveEpoch: drive.epoch,
    parentId: parent.entryId,
    name: present(names.at(-1)),
    ...(there === undefined ? {} : { entry: there }),
  };
}

function presentStep(row: EntryRow) {
  return { entryId: row.entry_id as EntryId, kind: present(entryKinds[row.kind]), rev: row.rev };
}
