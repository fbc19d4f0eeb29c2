import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { repeat, type Logger, type Repeated } from '@driftbox/service-kit';
import { measureDrift } from './measure-drift.ts';
import type { MetadataMetrics } from './metrics.ts';
import { listTenants } from './store/list-expired.ts';
import { sweepLists, sweepTenant } from './sweep-tenant.ts';

/** How often each process holds ledgers against a recount. */
const recountEveryMs = 86_400_000;

const page = 1_000;

type SweeperOptions = { readonly database: Database; readonly log: Logger; readonly metrics: MetadataMetrics; readonly everyMs: number };

/** Goes over all tenants, one after the other, every `everyMs`. Replicas may do it at once: every step is safe to repeat. */
export function startSweeper(options: SweeperOptions): Repeated {
  const places = new Map<TenantId, Buffer>();
  let recountAtMs = performance.now();
  const sweep = async (signal: AbortSignal): Promise<void> => {
    await sweepAll(options, places, signal);
    if (performance.now() < recountAtMs || signal.aborted) return;
    recountAtMs = performance.now() + recountEveryMs;
    await recountAll(options, signal);
  };
  return repeat(options.everyMs, sweep, (error) => options.log.warn({ err: error }, 'retention will try again'));
}

/** Holds the ledgers of all tenants against a recount. One that takes too long to count is logged, and the others are counted. */
async function recountAll({ database, metrics, log }: SweeperOptions, signal: AbortSignal): Promise<void> {
  for (const tenant of metrics.recount.over(await allTenants(database))) {
    if (signal.aborted) return;
    await measureDrift(database, tenant, signal).then(
      (drift) => metrics.noteDrift(tenant, drift),
      (error: unknown) => log.warn({ err: error, tenantId: tenant }, 'ledgers were not counted'),
    );
  }
}

async function sweepAll(options: SweeperOptions, places: Map<TenantId, Buffer>, signal: AbortSignal): Promise<void> {
  for (const tenant of options.metrics.retention.over(await allTenants(options.database))) {
    if (signal.aborted) return;
    await sweepOne(options, places, tenant);
  }
}

/** Ids alone, of as many tenants as a cell has. */
async function allTenants(database: Database): Promise<readonly TenantId[]> {
  const all: TenantId[] = [];
  for (;;) {
    const { rows } = await database.query<{ tenant: TenantId }>(listTenants, [all.at(-1) ?? null, page]);
    all.push(...rows.map(({ tenant }) => tenant));
    if (rows.length < page) return all;
  }
}

/** One pass over a tenant, counted; `places` keeps how far its lists were looked over. */
export async function sweepOne(
  { database, metrics }: Pick<SweeperOptions, 'database' | 'metrics'>,
  places: Map<TenantId, Buffer>,
  tenantId: TenantId,
): Promise<void> {
  const swept = await sweepTenant(database, tenantId);
  for (const [what, count] of Object.entries(swept)) metrics.swept.inc({ what }, count);
  const place = await sweepLists(database, tenantId, places.get(tenantId) ?? Buffer.alloc(0));
  if (place === undefined) places.delete(tenantId);
  else places.set(tenantId, place);
}
