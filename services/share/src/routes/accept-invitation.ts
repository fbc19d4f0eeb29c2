import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { acceptInvitation } from '../answer-invitation.ts';
import type { Context } from '../context.ts';
import { presentInvitation } from '../present-invitation.ts';

/** Takes what was offered. */
export function bindAcceptInvitation(context: Context): RouteBinding {
  return handle(routes.acceptInvitation, async ({ tenantId, actor, params, signal }) => {
    const { invitation, mount } = await acceptInvitation(context, { tenantId, actor, signal }, params.invitation);
    return { invitation: presentInvitation(invitation, context.nowMs()), ...(mount === undefined ? {} : { mount }) };
  });
}
