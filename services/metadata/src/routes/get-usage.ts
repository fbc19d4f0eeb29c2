import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { getUsage } from '../get-usage.ts';
import type { Context } from './context.ts';

/** What the caller holds. */
export function bindGetUsage(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.getUsage, ({ tenantId, actor, signal }) =>
    getUsage(database, tenantId, actor.userId, actor.role === 'owner' || actor.role === 'admin', signal),
  );
}
