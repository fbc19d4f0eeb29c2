import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const readDataKeysStatement = statement({
  name: 'upload.read-data-keys',
  text: 'SELECT generation, key_generation, wrapped, fingerprint FROM data_keys WHERE tenant = $1 ORDER BY generation',
});

/** One generation of a tenant's data key, as wrapped by the key manager. */
export type KeptKey = {
  readonly generation: number;
  readonly keyGeneration: number;
  readonly bytes: Uint8Array;
  /** What the key is recognised by once it is open; unknown of keys that were wrapped last before it was kept. */
  readonly fingerprint: Uint8Array | undefined;
};

type Row = { generation: number; key_generation: number; wrapped: Buffer; fingerprint: Buffer | null };

/** Every generation of the tenant's key, oldest first; new packs take the newest. */
export async function readDataKeys(database: Database, tenantId: TenantId): Promise<KeptKey[]> {
  const { rows } = await database.withTenant<Row>(tenantId, readDataKeysStatement, [tenantId]);
  return rows.map(({ generation, key_generation: keyGeneration, wrapped: bytes, fingerprint }) => ({
    generation,
    keyGeneration,
    bytes,
    fingerprint: fingerprint ?? undefined,
  }));
}
