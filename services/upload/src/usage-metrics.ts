import type { Database } from '@driftbox/postgres';
import { watchUsage } from '@driftbox/service-kit';
import type { Registry } from 'prom-client';
import { readUsageByQuota } from './store/read-usage-by-quota.ts';

/** Registers what the tenants of a cell take in the pool, by the class that their Quota is. */
export function createUsageMetrics(registry: Registry, database: Database): void {
  watchUsage(registry, { packBytes: ['driftbox_usage_physical_bytes', 'What packs of tenants take in the pool, by Quota'] }, () =>
    readUsageByQuota(database),
  );
}
