import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listDeviceCursors } from '../list-device-cursors.ts';
import type { Context } from './context.ts';

/** How far devices have come; of another user's devices administrators alone learn. */
export function bindListDeviceCursors({ database, book }: Context): RouteBinding {
  return handle(routes.listDeviceCursors, async ({ tenantId, actor, query, signal }) => {
    const { user = actor.userId, cursor, limit } = query;
    const mayAsk = user === actor.userId || actor.role === 'owner' || actor.role === 'admin';
    if (!mayAsk) throw new Problem('permission_denied', 'Only administrators see the devices of others');
    await book.flush();
    return listDeviceCursors(database, tenantId, user, { cursor, limit, signal });
  });
}
