import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { inviteUser } from '../invite-user.ts';
import { presentInvitation } from '../present-invitation.ts';

/** Answers `inviteUser`. */
export function bindInviteUser(context: Context): RouteBinding {
  return handle(routes.inviteUser, async ({ tenantId, actor, body }) =>
    presentInvitation(await inviteUser(context, tenantId, actor, body.email, body.role)),
  );
}
