import { can, type DriveId, type EntryId, type TenantId, type UserId, type Verb } from '@driftbox/domain';
import type { Database, Result, SqlValue, Statement, Transaction, TransactionOptions } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { AccessRow, EntryAccessRow } from './present-drive.ts';
import { readAccess, readEntryAccess } from './store/read-access.ts';

/** Who wants to look at which drive. */
export type Asker = {
  readonly tenantId: TenantId;
  readonly driveId: DriveId;
  readonly userId: UserId;
  readonly signal?: AbortSignal | undefined;
};

/** The drive, if the asker may do this with it; `not_found` for who may not even know of it. */
export async function requireDrive(tx: Transaction, { driveId, userId }: Asker, verb: Verb): Promise<AccessRow> {
  const { rows } = await tx.query<AccessRow>(readAccess, [tx.tenantId, driveId, userId]);
  return admit(rows[0], verb);
}

/** Runs statements of one drive, for who may read it, in one round trip together with the question whether they may. */
export async function readInDrive<Row>(
  database: Database,
  asker: Asker,
  sql: Statement,
  values: readonly SqlValue[],
  options: Pick<TransactionOptions, 'plansOnce'> = {},
): Promise<{ drive: AccessRow; rows: Row[] }> {
  const [drive, found] = await database.transaction(
    asker.tenantId,
    (tx): Promise<[AccessRow, Result<Row>]> =>
      Promise.all([requireDrive(tx, asker, 'read'), tx.last<Row>(sql, [asker.tenantId, asker.driveId, ...values])]),
    { ...options, readOnly: true, signal: asker.signal },
  );
  return { drive, rows: found.rows };
}

/** The drive of an entry, if the asker may do this with the entry; `not_found` for who may not even know of it. */
export async function requireEntry(tx: Transaction, asker: Asker, entryId: EntryId, verb: Verb): Promise<EntryAccessRow> {
  const values = [tx.tenantId, asker.driveId, entryId, asker.userId, verb !== 'read'];
  const [drive] = (await tx.query<EntryAccessRow>(readEntryAccess, values)).rows;
  const actor = { role: drive?.role, entryRole: drive?.entry_role };
  if (drive === undefined || !can(actor, 'read', drive)) throw new Problem('not_found', 'There is no such drive');
  if (!can(actor, verb, drive)) throw new Problem('permission_denied', 'Your role does not allow it');
  return drive;
}

/** `readInDrive` for who may read one entry of it. */
export async function readInEntry<Row>(
  database: Database,
  asker: Asker,
  entryId: EntryId,
  sql: Statement,
  values: readonly SqlValue[],
): Promise<{ drive: EntryAccessRow; rows: Row[] }> {
  const [drive, found] = await database.transaction(
    asker.tenantId,
    (tx): Promise<[EntryAccessRow, Result<Row>]> =>
      Promise.all([requireEntry(tx, asker, entryId, 'read'), tx.last<Row>(sql, [asker.tenantId, asker.driveId, ...values])]),
    { readOnly: true, signal: asker.signal },
  );
  return { drive, rows: found.rows };
}

export function admit(drive: AccessRow | undefined, verb: Verb): AccessRow {
  if (drive === undefined || !can(drive, 'read', drive)) throw new Problem('not_found', 'There is no such drive');
  if (!can(drive, verb, drive)) throw new Problem('permission_denied', 'Your role on this drive does not allow it');
  return drive;
}
