import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { revokeInvitation } from '../answer-invitation.ts';
import type { Context } from '../context.ts';

/** Takes an offer back. */
export function bindRevokeInvitation(context: Context): RouteBinding {
  return handle(routes.revokeInvitation, async ({ tenantId, actor, params, signal }) => {
    await revokeInvitation(context, { tenantId, actor, signal }, params.invitation);
    return undefined;
  });
}
