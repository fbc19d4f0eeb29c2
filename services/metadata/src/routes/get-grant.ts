import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { getGrant } from '../list-grants.ts';
import { askerOf, type Context } from './context.ts';

/** The role of a person on a drive. */
export function bindGetGrant(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.getGrant, (request) => getGrant(database, askerOf(request), request.params.subject));
}
