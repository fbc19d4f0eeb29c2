import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { readInbox } from '../inbox.ts';

/** Marks notifications as read. */
export function bindReadInbox({ database, nowMs }: Context): RouteBinding {
  return handle(routes.readInbox, async ({ tenantId, actor, body, signal }) => ({
    unread: await readInbox(database, { tenantId, userId: actor.userId, signal }, body.notifications, nowMs()),
  }));
}
