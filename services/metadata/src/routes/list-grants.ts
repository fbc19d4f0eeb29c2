import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listGrants } from '../list-grants.ts';
import { askerOf, type Context } from './context.ts';

/** Who may do what in a drive. */
export function bindListGrants(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.listGrants, (request) => listGrants(database, askerOf(request), request.query.cursor, request.query.limit));
}
