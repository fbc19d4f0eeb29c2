import type { EntryId } from '@driftbox/domain';
import type { Database, Result } from '@driftbox/postgres';
import type { Entry } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import { keysOf, pageFrom } from './cursor.ts';
import type { AccessRow } from './present-drive.ts';
import { presentRevision } from './present-entry.ts';
import { notHere, type Page } from './read-entries.ts';
import type { RevisionRow } from './store/entry-row.ts';
import { listPastChildren, readPast } from './store/read-past.ts';

type PastRow = RevisionRow & { readonly step: number };

/** One entry as it was at a place in the journal; not found where it was not there, or retention has taken it. */
export async function getEntryAt(database: Database, asker: Asker, entryId: EntryId, seq: number): Promise<Entry> {
  const [drive, chain] = await readChain(database, asker, entryId, seq);
  const [newest] = chain;
  if (newest === undefined || !wasThere(drive, chain, seq)) throw notHere();
  return presentRevision(newest);
}

/** A folder as it was at a place in the journal. */
export async function listChildrenAt(
  database: Database,
  asker: Asker,
  folder: EntryId,
  seq: number,
  cursor: string | undefined,
  limit: number,
): Promise<Page> {
  const [after] = keysOf(cursor, ['string']) ?? [null];
  const [drive, chain, children] = await readChain(database, asker, folder, seq, after, limit);
  const folderWas = folder === drive.root_id ? seq <= drive.seq : chain[0]?.kind === 1 && wasThere(drive, chain, seq);
  if (!folderWas) throw notHere();
  return pageFrom(children, limit, presentRevision, (row) => [row.name]);
}

/** True when the entry and all above it were there and none in the trash. */
function wasThere(drive: AccessRow, chain: readonly PastRow[], seq: number): boolean {
  return seq <= drive.seq && chain.every((row) => !row.trashed) && chain.at(-1)?.parent_id === drive.root_id;
}

async function readChain(
  database: Database,
  asker: Asker,
  entryId: EntryId,
  seq: number,
  after?: string | number | null,
  limit?: number,
): Promise<[AccessRow, PastRow[], RevisionRow[]]> {
  const { tenantId, driveId, signal } = asker;
  const [drive, chain, children] = await database.transaction(
    tenantId,
    (tx): Promise<[AccessRow, Result<PastRow>, Result<RevisionRow> | undefined]> =>
      Promise.all([
        requireDrive(tx, asker, 'read'),
        tx.query<PastRow>(readPast, [tenantId, driveId, entryId, seq]),
        limit === undefined
          ? undefined
          : tx.query<RevisionRow>(listPastChildren, [tenantId, driveId, entryId, seq, after ?? null, limit + 1]),
      ]),
    { readOnly: true, signal },
  );
  return [drive, chain.rows, children?.rows ?? []];
}
