import type { Database } from '@driftbox/postgres';
import { Problem, type TenantIntent } from '@driftbox/protocol';
import { putTenant, tenantValues } from './store/put-tenant.ts';
import { readIntent, type IntentRow } from './store/read-intent.ts';
import { lockTenantHolding, returnAllowances } from './store/return-allowances.ts';

/** A tenant's idle drives have given everything back after so many statements, or the next call goes on. */
const mostStatements = 20;

/**
 * Brings a tenant to its intent. What drives had leased of room goes back, so that a lower quota binds at once whoever is not
 * committing at this moment; what is over it stays, and grows no more. Throws `generation_superseded` for an intent older than
 * the one kept, and `tenant_erased`.
 */
export async function registerTenant(database: Database, intent: TenantIntent, signal: AbortSignal): Promise<void> {
  const { tenantId } = intent;
  const moved = await database.transaction(
    tenantId,
    async (tx) => {
      const [row] = (await tx.query<{ moved: boolean }>(putTenant, tenantValues(intent))).rows;
      if (row !== undefined) return row.moved;
      const generation = (await tx.query<IntentRow>(readIntent, [tenantId])).rows[0]?.generation;
      throw new Problem('generation_superseded', undefined, { details: { generation } });
    },
    { signal, attempts: 3 },
  );
  for (let left = moved ? mostStatements : 0; left > 0 && (await returnSome(database, intent, signal)); left -= 1);
}

/** True while drives gave something back. */
async function returnSome(database: Database, { tenantId }: TenantIntent, signal: AbortSignal): Promise<boolean> {
  const returned = await database.transaction(
    tenantId,
    async (tx) => {
      await tx.query(lockTenantHolding, [tenantId]);
      return tx.last(returnAllowances, [tenantId, 0, 0]);
    },
    { signal, attempts: 3 },
  );
  return (returned.rowCount ?? 0) > 0;
}
