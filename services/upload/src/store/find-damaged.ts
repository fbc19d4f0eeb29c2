import type { Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { fromBytes, toBytes } from '../digest-bytes.ts';

const findDamagedStatement = statement({
  name: 'upload.find-damaged',
  text: 'SELECT digest FROM damaged_chunks WHERE tenant = $1 AND digest = ANY ($2::bytea[])',
});

/** Which of these chunks are known to be damaged. */
export async function findDamaged(database: Database, tenantId: TenantId, digests: readonly Digest[]): Promise<Digest[]> {
  const { rows } = await database.withTenant<{ digest: Buffer }>(tenantId, findDamagedStatement, [tenantId, digests.map(toBytes)]);
  return rows.map((row) => fromBytes(row.digest));
}
