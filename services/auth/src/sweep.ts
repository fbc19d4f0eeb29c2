import type { TenantId } from '@driftbox/domain';
import type { Context } from './context.ts';
import { revocationLifeMs } from './read-revocations.ts';
import { listTenants } from './store/list-tenants.ts';
import { sweepRevocations } from './store/sweep-revocations.ts';
import { sweepTenant } from './store/sweep-tenant.ts';

const rowsPerTable = 1_000;
const tenantsPerPage = 100;

/** Deletes what has expired: at most 1,000 rows of each table and tenant a time, so that no run is long. Answers how many. */
export async function sweepExpired(context: Context, signal?: AbortSignal): Promise<number> {
  const { database, lifetimes } = context;
  const nowMs = context.nowMs();
  let swept = await sweepRevocations(database, nowMs - revocationLifeMs, rowsPerTable);
  let after: TenantId | undefined;
  for (;;) {
    const tenants = await listTenants(database, after, tenantsPerPage);
    for (const tenantId of tenants) {
      if (signal?.aborted === true) return swept;
      swept += await database.transaction(tenantId, (tx) => sweepTenant(tx, nowMs, nowMs - lifetimes.auditMs, rowsPerTable));
    }
    if (tenants.length < tenantsPerPage) return swept;
    after = tenants.at(-1);
  }
}
