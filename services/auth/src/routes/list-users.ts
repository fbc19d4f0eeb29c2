import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, type RouteBinding, toPage } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { requireAdministrator } from '../invite-user.ts';
import { presentUser } from '../present-user.ts';
import { listUsers } from '../store/list-users.ts';

/** Answers `listUsers`. */
export function bindListUsers(context: Context): RouteBinding {
  return handle(routes.listUsers, async ({ tenantId, actor, query, signal }) => {
    requireAdministrator(actor.role);
    const after = idOfCursor(query.cursor);
    const rows = await context.database.transaction(tenantId, (tx) => listUsers(tx, after, query.limit + 1), { readOnly: true, signal });
    return toPage(rows, query.limit, (row) => row.userId, presentUser);
  });
}
