import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const readDataKeysStatement = statement({
  name: 'upload.read-data-keys',
  text: 'SELECT generation, key_generation, wrapped FROM data_keys WHERE tenant = $1 ORDER BY generation',
});

/** One generation of a tenant's data key, as wrapped by the key manager. */
export type KeptKey = { readonly generation: number; readonly keyGeneration: number; readonly bytes: Uint8Array };

/** Every generation of the tenant's key, oldest first; new packs take the newest. */
export async function readDataKeys(database: Database, tenantId: TenantId): Promise<KeptKey[]> {
  const { rows } = await database.withTenant<{ generation: number; key_generation: number; wrapped: Buffer }>(
    tenantId,
    readDataKeysStatement,
    [tenantId],
  );
  return rows.map((row) => ({ generation: row.generation, keyGeneration: row.key_generation, bytes: row.wrapped }));
}
