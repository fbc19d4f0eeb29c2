import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, toPage, type RouteBinding } from '@driftbox/service-kit';
import { listInvitations } from '../answer-invitation.ts';
import type { Context } from '../context.ts';
import { presentInvitation } from '../present-invitation.ts';

/** Lists offers. */
export function bindListInvitations(context: Context): RouteBinding {
  return handle(routes.listInvitations, async ({ tenantId, actor, query, signal }) => {
    const { of, drive, cursor, limit } = query;
    const rows = await listInvitations(context, { tenantId, actor, signal }, { of, drive, after: idOfCursor(cursor), limit: limit + 1 });
    return toPage(
      rows,
      limit,
      (row) => row.invitationId,
      (row) => presentInvitation(row, context.nowMs()),
    );
  });
}
