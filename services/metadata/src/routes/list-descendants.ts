import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listDescendants } from '../read-entries.ts';
import { askerOf, type Context } from './context.ts';

/** Everything below a folder. */
export function bindListDescendants(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.listDescendants, (request) =>
    listDescendants(database, askerOf(request), request.params.entry, request.query.cursor, request.query.limit),
  );
}
