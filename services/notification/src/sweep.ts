import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { sweepNotifications } from './store/sweep-tenant.ts';
import { tenantsAfter } from './store/tenants-after.ts';

const dayMs = 86_400_000;
/** How long a notification is kept, read or not. Longer than events are kept, so that one that comes again is known. */
const keptDays = 90;
const rowsAtOnce = 1_000;
const tenantsAtOnce = 100;

/** Deletes what is too old, of each tenant at most 1,000 rows a time. Answers how many. Several may do it at once. */
export async function sweep(database: Database, nowMs: number, signal: AbortSignal): Promise<number> {
  let swept = 0;
  for (let last: TenantId | null = null; !signal.aborted;) {
    const { rows }: { rows: { tenant: TenantId }[] } = await database.query<{ tenant: TenantId }>(tenantsAfter, [last, tenantsAtOnce]);
    for (const { tenant } of rows) {
      const values = [tenant, new Date(nowMs - keptDays * dayMs), rowsAtOnce];
      const options = { readOnly: false, attempts: 3 } as const;
      const found = await database.withTenant<{ swept: number }>(tenant, sweepNotifications, values, options);
      swept += found.rows[0]?.swept ?? 0;
    }
    if (rows.length < tenantsAtOnce) break;
    last = rows.at(-1)?.tenant ?? null;
  }
  return swept;
}
