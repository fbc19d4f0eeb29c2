import { statement, type Database } from '@driftbox/postgres';
import { mostQuotasRead, type UsageOfQuota } from '@driftbox/service-kit';

const usageByQuota = statement({
  name: 'metadata.usage-by-quota',
  text: 'SELECT quota, tenants, used_bytes AS "usedBytes", used_files AS "usedFiles" FROM usage_by_quota($1)',
});

/** What all tenants hold by their lines, by Quota, that of most tenants first. Adds up the drives of the whole cell. */
export async function readUsageByQuota(database: Database): Promise<readonly UsageOfQuota<'tenants' | 'usedBytes' | 'usedFiles'>[]> {
  return (await database.query<UsageOfQuota<'tenants' | 'usedBytes' | 'usedFiles'>>(usageByQuota, [mostQuotasRead])).rows;
}
