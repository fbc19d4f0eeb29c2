import { parseDriveId, parseEntryId, type EntryId } from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import type { AnswerOf, PastEntry, Routes } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import { keysOf, pageFrom } from './cursor.ts';
import type { AccessRow } from './present-drive.ts';
import { presentRevision } from './present-entry.ts';
import { notHere } from './read-entries.ts';
import { stored, type RevisionRow } from './store/entry-row.ts';
import { listDeparted, readDeparted, type DepartedRow } from './store/read-departed.ts';
import { listPastChildren, readPast } from './store/read-past.ts';

type PastRow = RevisionRow & { readonly step: number };

/** One entry as it was at a place in the journal; not found where it was not there, or retention has taken it. */
export function getEntryAt(database: Database, asker: Asker, entryId: EntryId, seq: number): Promise<PastEntry> {
  return look(database, asker, async (tx) => {
    const [drive, chain, departed] = await Promise.all([
      requireDrive(tx, asker, 'read'),
      readChain(tx, asker, entryId, seq),
      tx.query<DepartedRow>(readDeparted, [tx.tenantId, asker.driveId, seq, asker.userId, entryId]),
    ]);
    const [newest] = chain;
    if (newest !== undefined && wasThere(drive, chain, seq)) return presentRevision(newest);
    const [row] = departed.rows;
    if (row === undefined || !(await wasFolder(tx, asker, drive, row.parent_id as EntryId, seq))) throw notHere();
    return presentDeparted(row);
  });
}

/** A folder as it was at a place in the journal. Of what left the drive since, it shows where it stood. */
export function listChildrenAt(
  database: Database,
  asker: Asker,
  folder: EntryId,
  seq: number,
  cursor: string | undefined,
  limit: number,
): Promise<AnswerOf<Routes['listChildrenAt']>> {
  const [after] = keysOf(cursor, ['string']) ?? [null];
  const { driveId, userId } = asker;
  return look(database, asker, async (tx) => {
    const [drive, children, departed] = await Promise.all([
      requireDrive(tx, asker, 'read'),
      tx.query<RevisionRow>(listPastChildren, [tx.tenantId, driveId, folder, seq, after, limit + 1]),
      tx.query<DepartedRow>(listDeparted, [tx.tenantId, driveId, seq, userId, folder, after, limit + 1]),
    ]);
    if (!(await wasFolder(tx, asker, drive, folder, seq))) throw notHere();
    const items = [...children.rows.map(presentRevision), ...departed.rows.map(presentDeparted)];
    const byName = items.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
    return pageFrom(
      byName,
      limit,
      (item) => item,
      ({ name }) => [name],
    );
  });
}

function look<T>(database: Database, { tenantId, signal }: Asker, read: (tx: Transaction) => Promise<T>): Promise<T> {
  return database.transaction(tenantId, read, { readOnly: true, signal });
}

async function wasFolder(tx: Transaction, asker: Asker, drive: AccessRow, folder: EntryId, seq: number): Promise<boolean> {
  if (folder === drive.root_id) return seq <= drive.seq;
  const chain = await readChain(tx, asker, folder, seq);
  return chain[0]?.kind === 1 && wasThere(drive, chain, seq);
}

/** True when the entry and all above it were there and none in the trash. */
function wasThere(drive: AccessRow, chain: readonly PastRow[], seq: number): boolean {
  return seq <= drive.seq && chain.every((row) => !row.trashed) && chain.at(-1)?.parent_id === drive.root_id;
}

async function readChain(tx: Transaction, { driveId }: Asker, entryId: EntryId, seq: number): Promise<PastRow[]> {
  return (await tx.query<PastRow>(readPast, [tx.tenantId, driveId, entryId, seq])).rows;
}

function presentDeparted(row: DepartedRow): PastEntry {
  return {
    kind: 'departed',
    entryId: stored(parseEntryId, row.entry_id),
    drive: stored(parseDriveId, row.drive_id),
    parentId: stored(parseEntryId, row.parent_id),
    name: row.name,
    seq: row.seq,
    ...(row.target_drive === null ? {} : { movedTo: { drive: stored(parseDriveId, row.target_drive), seq: row.target_seq } }),
  };
}
