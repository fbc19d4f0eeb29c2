import type { Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { toSortedBytes } from '../digest-bytes.ts';

const condemnChunksStatement = statement({
  name: 'upload.condemn-chunks',
  text: `
    WITH idle AS (
      SELECT digest FROM chunks WHERE tenant = $1 AND digest = ANY ($2::bytea[]) AND NOT condemned ORDER BY digest FOR UPDATE
    )
    UPDATE chunks c SET condemned = true, condemned_at = clock_timestamp() FROM idle WHERE c.tenant = $1 AND c.digest = idle.digest`,
});

/** Lets chunks count as missing until they are proven again. Answers how many were not condemned before. */
export async function condemnChunks(database: Database, tenantId: TenantId, digests: readonly Digest[]): Promise<number> {
  const { rowCount } = await database.withTenant(tenantId, condemnChunksStatement, [tenantId, toSortedBytes(digests)], {
    readOnly: false,
    attempts: 3,
  });
  return rowCount ?? 0;
}
