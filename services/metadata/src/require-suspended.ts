import type { Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { lockTenant } from './store/read-intent.ts';

/** Holds the tenant's row and throws `not_suspended` where people may come, or `not_found` where there is none. */
export async function requireSuspended(tx: Transaction): Promise<void> {
  const [row] = (await tx.query<{ suspended: boolean }>(lockTenant, [tx.tenantId])).rows;
  if (row === undefined) throw new Problem('not_found', 'There is no such tenant');
  if (!row.suspended) throw new Problem('not_suspended');
}
