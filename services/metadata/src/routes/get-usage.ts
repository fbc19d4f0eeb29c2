import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { getUsage } from '../get-usage.ts';
import { isAdministrator } from '../require-administrator.ts';
import type { Context } from './context.ts';

/** What the caller holds. */
export function bindGetUsage(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.getUsage, ({ tenantId, actor, signal }) =>
    getUsage(database, tenantId, actor.userId, isAdministrator(actor), signal),
  );
}
