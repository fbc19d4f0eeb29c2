import { statement, type Database } from '@driftbox/postgres';
import { mostQuotasRead, type UsageOfQuota } from '@driftbox/service-kit';

const usageByQuota = statement({
  name: 'upload.usage-by-quota',
  text: 'SELECT quota, pack_bytes AS "packBytes" FROM usage_by_quota($1)',
});

/** What packs take by the physical ledgers of all tenants, by Quota, that of most tenants first. */
export async function readUsageByQuota(database: Database): Promise<readonly UsageOfQuota<'packBytes'>[]> {
  return (await database.query<UsageOfQuota<'packBytes'>>(usageByQuota, [mostQuotasRead])).rows;
}
