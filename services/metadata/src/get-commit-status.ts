import type { CommitId, TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { awaitCommit, readCommitStatus } from './store/commit-status.ts';
import { present } from './store/present.ts';

/** Whether a commit was written. `false` with `nowMs` beyond its `commitBy` is final: it never will be. */
export async function getCommitStatus(
  database: Database,
  tenantId: TenantId,
  commitId: CommitId,
  signal?: AbortSignal,
): Promise<{ known: boolean; nowMs: number }> {
  return database.transaction(
    tenantId,
    async (tx) => {
      tx.defer(awaitCommit, [commitId]);
      const { rows } = await tx.last<{ known: boolean; now_ms: number }>(readCommitStatus, [tenantId, commitId]);
      const row = present(rows[0]);
      return { known: row.known, nowMs: row.now_ms };
    },
    { signal },
  );
}
