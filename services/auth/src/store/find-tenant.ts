import type { TenantId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';
import type { TenantRow } from './save-tenant.ts';

const select = statement({
  name: 'auth.find-tenant',
  text: 'SELECT id AS "tenantId", name, sign_up AS "signUp", suspended FROM tenants WHERE id = $1',
});

export async function findTenant(tx: Transaction, tenantId: TenantId): Promise<TenantRow | undefined> {
  return (await tx.query<TenantRow>(select, [tenantId])).rows[0];
}
