import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listChildren } from '../read-entries.ts';
import { askerOf, type Context } from './context.ts';

/** The children of a folder. */
export function bindListChildren(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.listChildren, (request) =>
    listChildren(database, askerOf(request), request.params.entry, request.query.cursor, request.query.limit),
  );
}
