import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, type RouteBinding, toPage } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { presentSession } from '../present-signed-in.ts';
import { listSessions } from '../store/list-sessions.ts';

/** Answers `listSessions`. */
export function bindListSessions(context: Context): RouteBinding {
  return handle(routes.listSessions, async ({ tenantId, actor, query, signal }) => {
    const after = idOfCursor(query.cursor);
    const rows = await context.database.transaction(
      tenantId,
      (tx) => listSessions(tx, actor.userId, context.nowMs(), after, query.limit + 1),
      { readOnly: true, signal },
    );
    return toPage(
      rows,
      query.limit,
      (row) => row.sessionId,
      (row) => presentSession(row, actor.sessionId),
    );
  });
}
