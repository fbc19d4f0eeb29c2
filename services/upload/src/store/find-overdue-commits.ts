import type { CommitId, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const findOverdueCommitsStatement = statement({
  name: 'upload.find-overdue-commits',
  text: 'SELECT holder, expires_at FROM pins WHERE tenant = $1 AND is_commit AND expires_at <= now() ORDER BY expires_at LIMIT $2',
});

/** Commits whose `commitBy` has passed by our clock and whose answer never came. Times in milliseconds. */
export async function findOverdueCommits(
  database: Database,
  tenantId: TenantId,
  limit: number,
): Promise<{ commitId: CommitId; commitByMs: number }[]> {
  const { rows } = await database.withTenant<{ holder: CommitId; expires_at: number }>(tenantId, findOverdueCommitsStatement, [
    tenantId,
    limit,
  ]);
  return rows.map((row) => ({ commitId: row.holder, commitByMs: row.expires_at }));
}
