import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { sweepDeliveries, sweepMails, sweepNotifications } from './store/sweep-tenant.ts';
import { tenantsAfter } from './store/tenants-after.ts';

const dayMs = 86_400_000;
/** How long each is kept: longer than events are, so that one that comes again is known. What waits for a webhook stays. */
const sweepers = [
  { sql: sweepNotifications, days: 90 },
  { sql: sweepDeliveries, days: 15 },
  { sql: sweepMails, days: 15 },
] as const;
const rowsAtOnce = 1_000;
const tenantsAtOnce = 100;

/** Deletes what is too old, of each tenant at most 1,000 rows a time. Answers how many. Several may do it at once. */
export async function sweep(database: Database, nowMs: number, signal: AbortSignal): Promise<number> {
  let swept = 0;
  for (let last: TenantId | null = null; !signal.aborted;) {
    const { rows }: { rows: { tenant: TenantId }[] } = await database.query<{ tenant: TenantId }>(tenantsAfter, [last, tenantsAtOnce]);
    for (const { tenant } of rows) {
      for (const { sql, days } of sweepers) {
        const values = [tenant, new Date(nowMs - days * dayMs), rowsAtOnce];
        const found = await database.withTenant<{ swept: number }>(tenant, sql, values, { readOnly: false, attempts: 3 });
        swept += found.rows[0]?.swept ?? 0;
      }
    }
    if (rows.length < tenantsAtOnce) break;
    last = rows.at(-1)?.tenant ?? null;
  }
  return swept;
}
