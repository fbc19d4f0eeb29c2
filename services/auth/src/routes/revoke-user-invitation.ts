import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { requireAdministrator } from '../invite-user.ts';
import { deleteInvitation } from '../store/delete-invitation.ts';

/** Answers `revokeUserInvitation`. */
export function bindRevokeUserInvitation(context: Context): RouteBinding {
  return handle(routes.revokeUserInvitation, async ({ tenantId, actor, params }) => {
    requireAdministrator(actor.role);
    const removed = await context.database.transaction(tenantId, (tx) => deleteInvitation(tx, params.invitation));
    if (!removed) throw new Problem('not_found', 'There is no such invitation');
    return undefined;
  });
}
