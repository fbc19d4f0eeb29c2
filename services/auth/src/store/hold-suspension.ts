import { statement, type Transaction } from '@driftbox/postgres';

const lock = statement({ name: 'auth.hold-suspension', text: 'SELECT suspended FROM tenants WHERE id = $1 FOR UPDATE' });

/** Whether the tenant is suspended, which stays as it is until the transaction ends; `undefined` where there is no such tenant. */
export async function holdSuspension(tx: Transaction): Promise<boolean | undefined> {
  return (await tx.query<{ suspended: boolean }>(lock, [tx.tenantId])).rows[0]?.suspended;
}
