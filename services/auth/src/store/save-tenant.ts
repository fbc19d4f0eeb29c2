import type { TenantId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

export type SignUpPolicy = 'open' | 'invite' | 'closed';
export type TenantRow = {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly signUp: SignUpPolicy;
  readonly suspended: boolean;
};

const upsert = statement({
  name: 'auth.save-tenant',
  text: `INSERT INTO tenants (id, name, sign_up, suspended, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, sign_up = excluded.sign_up, suspended = excluded.suspended`,
});

/** Makes the tenant, or brings it to this state; holds its row until the transaction ends. */
export async function saveTenant(tx: Transaction, tenant: TenantRow, nowMs: number): Promise<void> {
  await tx.query(upsert, [tenant.tenantId, tenant.name, tenant.signUp, tenant.suspended, new Date(nowMs)]);
}
