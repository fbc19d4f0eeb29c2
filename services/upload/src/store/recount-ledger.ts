import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import type { PhysicalLedger } from './read-ledger.ts';
import { present } from '../present.ts';

const compareLedgerStatement = statement({
  name: 'upload.compare-ledger',
  text: `
    SELECT (SELECT coalesce(sum(size_bytes), 0)::bigint FROM packs WHERE tenant = $1) AS pack_bytes,
      (SELECT count(*) FROM packs WHERE tenant = $1) AS packs,
      (SELECT coalesce(sum(length_bytes), 0)::bigint FROM chunks WHERE tenant = $1) AS live_bytes,
      (SELECT count(*) FROM chunks WHERE tenant = $1) AS chunks,
      coalesce(l.pack_bytes, 0) AS kept_pack_bytes, coalesce(l.packs, 0) AS kept_packs,
      coalesce(l.live_bytes, 0) AS kept_live_bytes, coalesce(l.chunks, 0) AS kept_chunks
    FROM (SELECT 1) AS one LEFT JOIN physical_ledger l ON l.tenant = $1`,
});

type Row = Readonly<Record<'pack_bytes' | 'packs' | 'live_bytes' | 'chunks', number>> &
  Readonly<Record<'kept_pack_bytes' | 'kept_packs' | 'kept_live_bytes' | 'kept_chunks', number>>;

/** The ledger as it is kept and as the rows say, at one moment. Reads every row of the tenant. */
export async function compareLedger(
  database: Database,
  tenantId: TenantId,
): Promise<{ readonly kept: PhysicalLedger; readonly counted: PhysicalLedger }> {
  const { rows } = await database.withTenant<Row>(tenantId, compareLedgerStatement, [tenantId]);
  const row = present(rows[0], 'sums are one row');
  return {
    kept: { packBytes: row.kept_pack_bytes, liveBytes: row.kept_live_bytes, packs: row.kept_packs, chunks: row.kept_chunks },
    counted: { packBytes: row.pack_bytes, liveBytes: row.live_bytes, packs: row.packs, chunks: row.chunks },
  };
}

/** The ledger as the rows say, to hold against the one that is kept. */
export async function recountLedger(database: Database, tenantId: TenantId): Promise<PhysicalLedger> {
  return (await compareLedger(database, tenantId)).counted;
}
