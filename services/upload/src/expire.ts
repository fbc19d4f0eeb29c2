import type { CommitId, TenantId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { expireUploads } from './store/expire-uploads.ts';
import { findOverdueCommits } from './store/find-overdue-commits.ts';
import { releasePins } from './store/release-pins.ts';

const atOnce = 100;

/**
 * Ends what is overdue for one tenant: uploads past their time, and pins of commits whose answer never came, once
 * metadata either knows the commit or, by its own clock, will refuse it from now on. Bounded; answers how many it ended.
 */
export async function expire(context: Context, tenantId: TenantId): Promise<number> {
  const uploads = await expireUploads(context.database, tenantId, atOnce);
  const settled: CommitId[] = [];
  for (const { commitId, commitByMs } of await findOverdueCommits(context.database, tenantId, atOnce)) {
    const status = await context.metadata.client.call(routes.getCommitStatus, {
      ...context.metadata.as({ tenantId }),
      params: { commit: commitId },
    });
    if (status.known || Date.parse(status.now) > commitByMs) settled.push(commitId);
  }
  await releasePins(context.database, tenantId, settled);
  return uploads + settled.length;
}
