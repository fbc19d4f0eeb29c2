import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { getPreferences } from '../preferences.ts';

/** Shows how the caller is told of things. */
export function bindGetPreferences({ database }: Context): RouteBinding {
  return handle(routes.getPreferences, ({ tenantId, actor }) => getPreferences(database, tenantId, actor.userId));
}
