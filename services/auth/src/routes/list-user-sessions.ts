import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, type RouteBinding, toPage } from '@driftbox/service-kit';
import { readUser } from '../administer-user.ts';
import type { Context } from '../context.ts';
import { presentSession } from '../present-signed-in.ts';
import { listSessions } from '../store/list-sessions.ts';

/** Answers `listUserSessions`. */
export function bindListUserSessions(context: Context): RouteBinding {
  return handle(routes.listUserSessions, async ({ tenantId, actor, params: { user }, query, signal }) => {
    const after = idOfCursor(query.cursor);
    const rows = await readUser(context, { tenantId, actor, userId: user, signal }, (tx) =>
      listSessions(tx, user, context.nowMs(), after, query.limit + 1),
    );
    return toPage(
      rows,
      query.limit,
      (row) => row.sessionId,
      (row) => presentSession(row, actor.sessionId),
    );
  });
}
