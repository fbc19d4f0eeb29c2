import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { signUserOut } from '../administer-user.ts';
import type { Context } from '../context.ts';
import { endSessionOf } from '../end-session.ts';

/** Answers `endUserSession`. */
export function bindEndUserSession(context: Context): RouteBinding {
  return handle(routes.endUserSession, async ({ tenantId, actor, params: { user, session }, address }) => {
    await signUserOut(context, { tenantId, actor, userId: user, address }, (tx) => endSessionOf(tx, user, session, context.nowMs()));
    return undefined;
  });
}
