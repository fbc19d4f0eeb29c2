import type { Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { toSortedBytes } from '../digest-bytes.ts';

const reviveChunksStatement = statement({
  name: 'upload.revive-chunks',
  text: `
    WITH held AS (
      SELECT digest FROM chunks WHERE tenant = $1 AND digest = ANY ($2::bytea[]) AND condemned ORDER BY digest FOR UPDATE
    )
    UPDATE chunks c SET condemned = false FROM held WHERE c.tenant = $1 AND c.digest = held.digest`,
});

/** Un-condemns chunks whose bytes were just proven again. Those that are not condemned stay untouched. */
export async function reviveChunks(database: Database, tenantId: TenantId, digests: readonly Digest[]): Promise<void> {
  if (digests.length === 0) return;
  await database.withTenant(tenantId, reviveChunksStatement, [tenantId, toSortedBytes(digests)], { readOnly: false, attempts: 3 });
}
