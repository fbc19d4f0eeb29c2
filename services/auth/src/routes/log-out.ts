import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { endSession } from '../end-session.ts';

/** Answers `logOut`. */
export function bindLogOut(context: Context): RouteBinding {
  return handle(routes.logOut, async ({ tenantId, actor }) => {
    await endSession(context, tenantId, actor, actor.sessionId);
    return undefined;
  });
}
