import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { invite } from '../invite.ts';
import { presentInvitation } from '../present-invitation.ts';

/** Offers a role. */
export function bindCreateInvitations(context: Context): RouteBinding {
  return handle(routes.createInvitations, async ({ tenantId, actor, body, signal }) => {
    const rows = await invite(context, { tenantId, actor, signal }, body);
    return { items: rows.map((row) => presentInvitation(row, context.nowMs())) };
  });
}
