import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const holdStatement = statement({
  name: 'upload.hold-collection',
  text: `
    WITH ended AS (DELETE FROM collection_holds WHERE tenant = $1 AND (expires_at < now() OR holder = $2 AND $3 = 0))
    INSERT INTO collection_holds (tenant, holder, expires_at)
    SELECT $1, $2, now() + make_interval(secs => $3) WHERE $3 > 0
    ON CONFLICT (tenant, holder) DO UPDATE SET expires_at = excluded.expires_at`,
});

/** Nothing of the tenant is deleted for so many seconds from now, whatever was said before; 0 ends what this holder holds. */
export async function holdCollection(database: Database, tenantId: TenantId, holder: string, seconds: number): Promise<void> {
  await database.withTenant(tenantId, holdStatement, [tenantId, holder, seconds], { readOnly: false, attempts: 3 });
}
