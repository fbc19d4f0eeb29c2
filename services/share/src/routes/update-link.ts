import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { updateLink } from '../manage-links.ts';
import { presentLink } from '../present-link.ts';

/** Changes the terms of a link. */
export function bindUpdateLink(context: Context): RouteBinding {
  return handle(routes.updateLink, async ({ tenantId, actor, params, body, signal }) =>
    presentLink(context, tenantId, await updateLink(context, { tenantId, actor, signal }, params.link, body), actor.userId),
  );
}
