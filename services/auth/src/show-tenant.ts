import { refuseErased } from '@driftbox/postgres';
import type { TenantId } from '@driftbox/domain';
import { Problem, tenantIntent, type AnswerOf, type Routes } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { readIntent } from './store/read-intent.ts';

/** A tenant's intent as kept, and how many people it has. Throws `not_found`, or `tenant_erased`. */
export async function showTenant({ database }: Context, tenantId: TenantId): Promise<AnswerOf<Routes['getTenantInAuth']>> {
  const row = await database.transaction(tenantId, (tx) => readIntent(tx), { readOnly: true });
  if (row === undefined) await refuseErased(database, tenantId);
  if (row === undefined || row.intent === null) throw new Problem('not_found', 'No intent is kept for this tenant: put one');
  return { intent: { ...tenantIntent.parse(row.intent), generation: row.generation }, usage: { users: row.users } };
}
