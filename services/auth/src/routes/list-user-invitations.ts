import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, type RouteBinding, toPage } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { requireAdministrator } from '../invite-user.ts';
import { presentInvitation } from '../present-invitation.ts';
import { listInvitations } from '../store/list-invitations.ts';

/** Answers `listUserInvitations`. */
export function bindListUserInvitations(context: Context): RouteBinding {
  return handle(routes.listUserInvitations, async ({ tenantId, actor, query, signal }) => {
    requireAdministrator(actor.role);
    const after = idOfCursor(query.cursor);
    const rows = await context.database.transaction(tenantId, (tx) => listInvitations(tx, context.nowMs(), after, query.limit + 1), {
      readOnly: true,
      signal,
    });
    return toPage(rows, query.limit, (row) => row.invitationId, presentInvitation);
  });
}
