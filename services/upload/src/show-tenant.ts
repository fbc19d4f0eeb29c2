import type { TenantId } from '@driftbox/domain';
import { refuseErased } from '@driftbox/postgres';
import { Problem, tenantIntent, type AnswerOf, type Routes } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { readTenant } from './store/put-tenant.ts';
import { readContentState } from './store/read-content-state.ts';
import { readLedger } from './store/read-ledger.ts';

/** A tenant's intent as kept, what the pool holds for it, and how whole that is. Throws `not_found`, or `tenant_erased`. */
export async function showTenant({ database }: Context, tenantId: TenantId): Promise<AnswerOf<Routes['getTenantInUpload']>> {
  const row = await readTenant(database, tenantId);
  if (row === undefined) await refuseErased(database, tenantId);
  if (row === undefined || row.intent === null) throw new Problem('not_found', 'No intent is kept for this tenant: put one');
  const [usage, content] = await Promise.all([readLedger(database, tenantId), readContentState(database, tenantId)]);
  return { intent: { ...tenantIntent.parse(row.intent), generation: row.generation }, usage, content };
}
