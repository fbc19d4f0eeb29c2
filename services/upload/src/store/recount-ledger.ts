import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import type { PhysicalLedger } from './read-ledger.ts';
import { present } from '../present.ts';

const recountLedgerStatement = statement({
  name: 'upload.recount-ledger',
  text: `
    SELECT (SELECT coalesce(sum(size_bytes), 0)::bigint FROM packs WHERE tenant = $1) AS "packBytes",
           (SELECT count(*) FROM packs WHERE tenant = $1) AS packs,
           coalesce(sum(length_bytes), 0)::bigint AS "liveBytes", count(*) AS chunks
    FROM chunks WHERE tenant = $1`,
});

/** The ledger as the rows say, to hold against the one that is kept. Reads every row of the tenant. */
export async function recountLedger(database: Database, tenantId: TenantId): Promise<PhysicalLedger> {
  const { rows } = await database.withTenant<PhysicalLedger>(tenantId, recountLedgerStatement, [tenantId]);
  return present(rows[0], 'sums are one row');
}
