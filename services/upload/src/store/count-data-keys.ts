import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import type { AnswerOf, Routes } from '@driftbox/protocol';

const countDataKeysStatement = statement({
  name: 'upload.count-data-keys',
  text: `
    SELECT k.generation, k.key_generation, k.created_at,
      count(p.pack_id)::bigint AS packs, coalesce(sum(p.size_bytes), 0)::bigint AS pack_bytes
    FROM data_keys k LEFT JOIN packs p ON p.tenant = k.tenant AND p.generation = k.generation
    WHERE k.tenant = $1 GROUP BY k.tenant, k.generation ORDER BY k.generation`,
});

type Row = { generation: number; key_generation: number; created_at: number; packs: number; pack_bytes: number };

/** Every generation of the tenant's data key, oldest first, with the packs that are encrypted under it. */
export async function countDataKeys(database: Database, tenantId: TenantId): Promise<AnswerOf<Routes['listDataKeys']>['items']> {
  const { rows } = await database.withTenant<Row>(tenantId, countDataKeysStatement, [tenantId]);
  return rows.map((row) => ({
    generation: row.generation,
    keyGeneration: row.key_generation,
    createdAt: new Date(row.created_at).toISOString(),
    packs: row.packs,
    packBytes: row.pack_bytes,
  }));
}
