import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { setUserLimit } from '../user-limits.ts';
import type { Context } from './context.ts';

/** Gives somebody a limit of their own. */
export function bindSetUserLimit({ database }: Context): RouteBinding {
  return handle(routes.setUserLimit, (request) => setUserLimit(database, request, request.params.user, request.body.limitBytes));
}
