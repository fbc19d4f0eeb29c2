import { randomUUID } from 'node:crypto';
import type { DriveId, EntryId, TenantId, UploadId, UserId, WriteId } from '@driftbox/domain';
import type { Database, Statement } from '@driftbox/postgres';
import { commitDrive } from './commit-drive.ts';
import { dropMounts } from './drop-mounts.ts';
import { goOnRemoving } from './hand-over.ts';
import { blockBytes, blockFiles } from './lease-allowance.ts';
import { release } from './reserve-bytes.ts';
import { dropActivity } from './store/brakes.ts';
import { dropCommits, dropDepartures, dropProvisional, dropTombstones } from './store/drop-expired.ts';
import { dropHistory } from './store/drop-history.ts';
import { dropLists } from './store/drop-lists.ts';
import { listExpiredHistory, listExpiredTrash } from './store/list-expired.ts';
import { lockDrive } from './store/lock-drive.ts';
import { listExpiredReservations } from './store/reservations.ts';
import { lockTenantHolding, returnAllowances } from './store/return-allowances.ts';
import { present } from './store/present.ts';

/** How many of each kind one pass over a tenant removed. */
export type Swept = { readonly reservations: number; readonly trash: number; readonly history: number };

/** Most rows of each kind in one pass; what is left waits for the next. */
const batch = 200;

type Expired = { entry_id: EntryId; drive_id: DriveId; owner: UserId; epoch: string };

/** One pass of retention over one tenant: small transactions, each complete in itself, so that a crash loses nothing. */
export async function sweepTenant(database: Database, tenantId: TenantId): Promise<Swept> {
  const reservations = await sweepReservations(database, tenantId);
  const trash = await sweepTrash(database, tenantId);
  const history = await sweepHistory(database, tenantId);
  await goOnRemoving(database, tenantId);
  await dropMounts(database, tenantId, undefined, () => {});
  for (const sql of [dropCommits, dropProvisional, dropTombstones, dropDepartures, dropActivity])
    await database.withTenant(tenantId, sql, [tenantId, 1000], { readOnly: false });
  await database.transaction(tenantId, async (tx) => {
    await tx.query(lockTenantHolding, [tenantId]);
    await tx.last(returnAllowances, [tenantId, 2 * blockBytes, 2 * blockFiles]);
  });
  return { reservations, trash, history };
}

/** Drops lists that nothing names any more, some after `after`; answers where to go on, `undefined` at the end. */
export async function sweepLists(database: Database, tenantId: TenantId, after: Buffer): Promise<Buffer | undefined> {
  const { rows } = await database.withTenant<{ last: Buffer | null }>(tenantId, dropLists, [tenantId, after, 1000], { readOnly: false });
  return rows[0]?.last ?? undefined;
}

async function sweepReservations(database: Database, tenantId: TenantId): Promise<number> {
  const rows = await expired<{ drive_id: DriveId; upload_id: UploadId }>(database, tenantId, listExpiredReservations);
  for (const row of rows)
    await database.transaction(tenantId, (tx) => release(tx, { tenantId, driveId: row.drive_id }, row.upload_id), { attempts: 3 });
  return rows.length;
}

/** Purges as the drive's owner would, through the rule, so that journal, ledger and events are told. */
async function sweepTrash(database: Database, tenantId: TenantId): Promise<number> {
  const rows = await expired<Expired>(database, tenantId, listExpiredTrash);
  for (const [driveId, entries] of Map.groupBy(rows, (row) => row.drive_id)) {
    const { owner, epoch } = present(entries[0]);
    const operations = entries.map((row) => ({ op: 'purge' as const, entryId: row.entry_id, writeId: randomUUID() as string as WriteId }));
    await commitDrive(database, { tenantId, driveId, userId: owner, driveEpoch: epoch, operations, atomic: false });
  }
  return rows.length;
}

async function sweepHistory(database: Database, tenantId: TenantId): Promise<number> {
  const rows = await expired<Pick<Expired, 'entry_id' | 'drive_id'>>(database, tenantId, listExpiredHistory);
  for (const [driveId, entries] of Map.groupBy(rows, (row) => row.drive_id)) {
    await database.transaction(
      tenantId,
      async (tx) => {
        tx.defer(lockDrive, [tenantId, driveId]);
        await tx.last(dropHistory, [tenantId, driveId, entries.map((row) => row.entry_id)]);
      },
      { attempts: 3 },
    );
  }
  return rows.length;
}

async function expired<Row>(database: Database, tenantId: TenantId, sql: Statement): Promise<Row[]> {
  return (await database.withTenant<Row>(tenantId, sql, [tenantId, batch])).rows;
}
