import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { endSession } from '../end-session.ts';

/** Answers `endSession`. */
export function bindEndSession(context: Context): RouteBinding {
  return handle(routes.endSession, async ({ tenantId, actor, params }) => {
    await endSession(context, tenantId, actor, params.session);
    return undefined;
  });
}
