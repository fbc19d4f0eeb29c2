import { Problem, type TenantIntent } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { putTenant, readTenant } from './store/put-tenant.ts';

/**
 * Keeps a tenant's intent and sees to it that it has a data key. Throws `generation_superseded` for an intent older than the one
 * kept, and `tenant_erased`.
 */
export async function registerTenant({ database, keys }: Context, intent: TenantIntent): Promise<void> {
  const { tenantId } = intent;
  if (!(await database.transaction(tenantId, (tx) => putTenant(tx, intent), { attempts: 3 }))) {
    const generation = (await readTenant(database, tenantId))?.generation;
    throw new Problem('generation_superseded', undefined, { details: { generation } });
  }
  await keys.ensure(tenantId);
}
