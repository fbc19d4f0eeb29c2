import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { getLink } from '../manage-links.ts';
import { presentLink } from '../present-link.ts';

/** Shows one link. */
export function bindGetLink(context: Context): RouteBinding {
  return handle(routes.getLink, async ({ tenantId, actor, params, signal }) =>
    presentLink(context, tenantId, await getLink(context, { tenantId, actor, signal }, params.link), actor.userId),
  );
}
