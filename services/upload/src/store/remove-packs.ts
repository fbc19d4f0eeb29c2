import type { PackId } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const removePacksStatement = statement({
  name: 'upload.remove-packs',
  text: `
    WITH gone AS (
      DELETE FROM packs WHERE tenant = $1 AND pack_id = ANY ($2::uuid[]) AND live_bytes = 0 RETURNING size_bytes
    ), total AS (
      SELECT count(*) AS packs, coalesce(sum(size_bytes), 0)::bigint AS bytes FROM gone
    )
    UPDATE physical_ledger l SET pack_bytes = l.pack_bytes - total.bytes, packs = l.packs - total.packs
    FROM total WHERE l.tenant = $1 RETURNING total.packs AS count, total.bytes`,
});

/** Forgets dead packs whose objects are gone, and takes them off the ledger. */
export async function removePacks(
  database: Database,
  tenantId: TenantId,
  packIds: readonly PackId[],
): Promise<{ count: number; bytes: number }> {
  const { rows } = await database.withTenant<{ count: number; bytes: number }>(tenantId, removePacksStatement, [tenantId, packIds], {
    readOnly: false,
    attempts: 3,
  });
  return rows[0] ?? { count: 0, bytes: 0 };
}
