import type { CommitId, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const releasePinsStatement = statement({
  name: 'upload.release-pins',
  text: 'DELETE FROM pins WHERE tenant = $1 AND holder = ANY ($2::uuid[]) AND is_commit',
});

/** Lets go of what these commits held. Unknown ones are fine. */
export async function releasePins(database: Database, tenantId: TenantId, commitIds: readonly CommitId[]): Promise<void> {
  if (commitIds.length === 0) return;
  await database.withTenant(tenantId, releasePinsStatement, [tenantId, [...commitIds].sort()], { readOnly: false, attempts: 3 });
}
