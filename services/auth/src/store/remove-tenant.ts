import { statement, type Transaction } from '@driftbox/postgres';

const lock = statement({ name: 'auth.lock-tenant', text: 'SELECT suspended FROM tenants WHERE id = $1 FOR UPDATE' });
const removeHosts = statement({ name: 'auth.remove-hosts', text: 'DELETE FROM tenant_hosts WHERE tenant_id = $1' });
const remove = statement({ name: 'auth.remove-tenant', text: 'DELETE FROM tenants WHERE id = $1' });

/** Removes a tenant from the directory, its hosts with it, so that nobody finds it. `false`: it is not suspended, and stays. */
export async function removeTenant(tx: Transaction): Promise<boolean> {
  const { rows } = await tx.query<{ suspended: boolean }>(lock, [tx.tenantId]);
  if (rows[0]?.suspended === false) return false;
  tx.defer(removeHosts, [tx.tenantId]);
  tx.defer(remove, [tx.tenantId]);
  return true;
}
