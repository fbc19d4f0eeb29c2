import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listRevisions } from '../read-entries.ts';
import { askerOf, type Context } from './context.ts';

/** The revisions of an entry. */
export function bindListRevisions(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.listRevisions, (request) =>
    listRevisions(database, askerOf(request), request.params.entry, request.query.cursor, request.query.limit),
  );
}
