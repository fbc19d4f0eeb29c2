import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { getCommitStatus } from '../get-commit-status.ts';
import { requireUpload, type Context } from './context.ts';

/** Does metadata know a commit? */
export function bindGetCommitStatus(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.getCommitStatus, async (request) => {
    requireUpload(request);
    const { known, nowMs } = await getCommitStatus(database, request.tenantId, request.params.commit, request.signal);
    return { known, now: new Date(nowMs).toISOString() };
  });
}
