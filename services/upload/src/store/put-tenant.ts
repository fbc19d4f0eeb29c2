import type { TenantId } from '@driftbox/domain';
import { statement, type Database, type Transaction } from '@driftbox/postgres';
import { withoutSecrets, type TenantIntent } from '@driftbox/protocol';

const putTenantStatement = statement({
  name: 'upload.put-tenant',
  text: `
    INSERT INTO tenants AS t (tenant, suspended, uploads, intent, generation) VALUES ($1, $2, $3, $4, coalesce($5::bigint, 0))
    ON CONFLICT (tenant) DO UPDATE SET suspended = excluded.suspended, uploads = excluded.uploads, intent = excluded.intent,
      generation = coalesce($5::bigint, t.generation)
    WHERE $5::bigint IS NULL OR t.generation <= $5::bigint
    RETURNING 1`,
});

/** Keeps an intent. `false`: a newer one is kept, nothing was changed. */
export async function putTenant(tx: Transaction, intent: TenantIntent): Promise<boolean> {
  const { tenantId, suspended, limits, generation } = intent;
  const uploads = limits.uploads === Number.MAX_SAFE_INTEGER ? null : limits.uploads;
  const { rows } = await tx.query(putTenantStatement, [tenantId, suspended, uploads, withoutSecrets(intent), generation ?? null]);
  return rows.length === 1;
}

const readTenantStatement = statement({ name: 'upload.read-tenant', text: 'SELECT intent, generation FROM tenants WHERE tenant = $1' });

/** A tenant's intent as it was put; `null` for one that was here before intents were kept. */
export type IntentRow = { readonly intent: unknown; readonly generation: number };

export async function readTenant(database: Database, tenantId: TenantId): Promise<IntentRow | undefined> {
  return (await database.withTenant<IntentRow>(tenantId, readTenantStatement, [tenantId])).rows[0];
}
