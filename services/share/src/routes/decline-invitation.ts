import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { declineInvitation } from '../answer-invitation.ts';
import type { Context } from '../context.ts';

/** Refuses what was offered. */
export function bindDeclineInvitation(context: Context): RouteBinding {
  return handle(routes.declineInvitation, async ({ tenantId, actor, params, signal }) => {
    await declineInvitation(context, { tenantId, actor, signal }, params.invitation);
    return undefined;
  });
}
