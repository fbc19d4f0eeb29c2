import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { revokeLink } from '../manage-links.ts';

/** Ends a link. */
export function bindRevokeLink(context: Context): RouteBinding {
  return handle(routes.revokeLink, async ({ tenantId, actor, params, signal }) => {
    await revokeLink(context, { tenantId, actor, signal }, params.link);
    return undefined;
  });
}
