import type { DriveId, TenantId, UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import type { AnswerOf, Routes } from '@driftbox/protocol';
import { readTenantUsage, readUsage } from './store/read-usage.ts';
import { present } from './store/present.ts';

type Row = { current: number; history: number; trash: number; files: number; in_flight: number };
type DriveRow = Row & { drive_id: DriveId; name: string };
type TenantRow = Row & { tenant_limit: number | null; user_limit: number | null };

/** The lines of a ledger on the wire. */
export const ledgerOf = ({ current, history, trash, files, in_flight: inFlight }: Row) => ({ current, history, trash, inFlight, files });
/** A limit on the wire: nothing where there is none. */
export const limitOf = (bytes: number | null) => (bytes === null || bytes === Number.MAX_SAFE_INTEGER ? {} : { limitBytes: bytes });
const nothing: Row = { current: 0, history: 0, trash: 0, files: 0, in_flight: 0 };

function add(a: Row, b: Row): Row {
  return {
    current: a.current + b.current,
    history: a.history + b.history,
    trash: a.trash + b.trash,
    files: a.files + b.files,
    in_flight: a.in_flight + b.in_flight,
  };
}

/** What a whole tenant holds, line by line. */
export async function getTenantUsage(database: Database, tenantId: TenantId, signal?: AbortSignal): Promise<ReturnType<typeof ledgerOf>> {
  const { rows } = await database.withTenant<TenantRow>(tenantId, readTenantUsage, [tenantId, null], { signal });
  return ledgerOf(present(rows[0]));
}

/** What a user holds, line by line, with the limits; for administrators the whole tenant too. */
export async function getUsage(
  database: Database,
  tenantId: TenantId,
  userId: UserId,
  forTenant: boolean,
  signal?: AbortSignal,
): Promise<AnswerOf<Routes['getUsage']>> {
  const [drives, tenant] = await database.transaction(
    tenantId,
    (tx) => Promise.all([tx.query<DriveRow>(readUsage, [tenantId, userId]), tx.query<TenantRow>(readTenantUsage, [tenantId, userId])]),
    { readOnly: true, signal },
  );
  const whole = present(tenant.rows[0]);
  const own = drives.rows.reduce<Row>(add, nothing);
  return {
    user: { ...ledgerOf(own), ...limitOf(whole.user_limit) },
    ...(forTenant ? { tenant: { ...ledgerOf(whole), ...limitOf(whole.tenant_limit) } } : {}),
    drives: drives.rows.map((row) => ({ drive: row.drive_id, name: row.name, ...ledgerOf(row) })),
  };
}
