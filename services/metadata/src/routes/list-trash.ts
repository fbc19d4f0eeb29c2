import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listTrash } from '../read-entries.ts';
import { askerOf, type Context } from './context.ts';

/** What was deleted. */
export function bindListTrash(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.listTrash, (request) => listTrash(database, askerOf(request), request.query.cursor, request.query.limit));
}
