import type { Database } from '@driftbox/postgres';
import { watchUsage } from '@driftbox/service-kit';
import type { Registry } from 'prom-client';
import { readUsageByQuota } from './store/read-usage-by-quota.ts';

/** Registers what the tenants of a cell use, by the class that their Quota is. */
export function createUsageMetrics(registry: Registry, database: Database): void {
  watchUsage(
    registry,
    {
      tenants: ['driftbox_usage_tenants', 'Tenants by Quota: none has none, other is any beyond the 20 that most tenants are under'],
      usedBytes: ['driftbox_usage_logical_bytes', 'What tenants hold as people see it, history and trash included, by Quota'],
      usedFiles: ['driftbox_usage_files', 'Files of tenants, those in the trash included, by Quota'],
    },
    () => readUsageByQuota(database),
  );
}
