import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import type { KeptKey } from './read-data-keys.ts';

const addDataKeyStatement = statement({
  name: 'upload.add-data-key',
  text: `
    WITH known AS (INSERT INTO known_tenants (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING)
    INSERT INTO data_keys (tenant, generation, key_generation, wrapped, fingerprint) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
});

/** Keeps a wrapped key, unless somebody else was first with that generation: whoever needs it reads what won. */
export async function addDataKey(database: Database, tenantId: TenantId, key: KeptKey): Promise<void> {
  const { generation, keyGeneration, bytes, fingerprint } = key;
  const values = [tenantId, generation, keyGeneration, Buffer.from(bytes), fingerprint === undefined ? null : Buffer.from(fingerprint)];
  await database.withTenant(tenantId, addDataKeyStatement, values, { readOnly: false, attempts: 3 });
}
