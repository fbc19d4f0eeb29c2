import { statement, type Transaction } from '@driftbox/postgres';

const lockTenantStatement = statement({
  name: 'upload.lock-tenant',
  text: 'SELECT suspended FROM tenants WHERE tenant = $1 FOR UPDATE',
});
const removeTenantStatement = statement({
  name: 'upload.remove-tenant',
  text: `
    WITH unlisted AS (DELETE FROM known_tenants WHERE tenant_id = $1)
    DELETE FROM tenants WHERE tenant = $1`,
});

/** Removes a tenant from the list of those that there are. `false`: it is not suspended, and stays. */
export async function removeTenant(tx: Transaction): Promise<boolean> {
  const { rows } = await tx.query<{ suspended: boolean }>(lockTenantStatement, [tx.tenantId]);
  if (rows[0]?.suspended === false) return false;
  tx.defer(removeTenantStatement, [tx.tenantId]);
  return true;
}
