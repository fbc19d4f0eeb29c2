import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { updatePreferences } from '../preferences.ts';

/** Changes how the caller is told of things. */
export function bindUpdatePreferences({ database }: Context): RouteBinding {
  return handle(routes.updatePreferences, ({ tenantId, actor, body }) => updatePreferences(database, tenantId, actor.userId, body));
}
