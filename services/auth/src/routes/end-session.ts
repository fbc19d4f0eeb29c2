import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { endSession } from '../end-session.ts';

/** Answers `endSession`. */
export function bindEndSession(context: Context): RouteBinding {
  return handle(routes.endSession, async ({ tenantId, actor, params }) => {
    if (!(await endSession(context, tenantId, actor, params.session))) throw new Problem('not_found', 'There is no such session');
    return undefined;
  });
}
