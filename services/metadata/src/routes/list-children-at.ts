import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listChildrenAt } from '../read-past.ts';
import { askerOf, type Context } from './context.ts';

/** A folder as it was. */
export function bindListChildrenAt(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.listChildrenAt, (request) => {
    const { entry, seq } = request.params;
    return listChildrenAt(database, askerOf(request), entry, seq, request.query.cursor, request.query.limit);
  });
}
