import type { TenantId } from '@driftbox/domain';
import { refuseErased, type Database } from '@driftbox/postgres';
import { Problem, tenantIntent, type AnswerOf, type Routes } from '@driftbox/protocol';
import { getTenantUsage } from './get-usage.ts';
import { readIntent, type IntentRow } from './store/read-intent.ts';

/** A tenant's intent as kept, and its logical ledger. Throws `not_found`, or `tenant_erased`. */
export async function showTenant(
  database: Database,
  tenantId: TenantId,
  signal: AbortSignal,
): Promise<AnswerOf<Routes['getTenantInMetadata']>> {
  const [row] = (await database.withTenant<IntentRow>(tenantId, readIntent, [tenantId], { signal })).rows;
  if (row === undefined) await refuseErased(database, tenantId);
  if (row === undefined || row.intent === null) throw new Problem('not_found', 'No intent is kept for this tenant: put one');
  const usage = await getTenantUsage(database, tenantId, signal);
  return { intent: { ...tenantIntent.parse(row.intent), generation: row.generation }, usage: { ...usage, users: row.users } };
}
