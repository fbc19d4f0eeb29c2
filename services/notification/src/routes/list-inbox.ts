import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, toPage, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { listInbox } from '../inbox.ts';
import { presentNotification } from '../present-notification.ts';

/** Lists the caller's notifications. */
export function bindListInbox({ database }: Context): RouteBinding {
  return handle(routes.listInbox, async ({ tenantId, actor, query, signal }) => {
    const { of, cursor, limit } = query;
    const owner = { tenantId, userId: actor.userId, signal };
    const { rows, unread } = await listInbox(database, owner, { of, before: idOfCursor(cursor), limit: limit + 1 });
    return { ...toPage(rows, limit, (row) => row.notificationId, presentNotification), unread };
  });
}
