import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { getEntry } from '../read-entries.ts';
import { askerOf, type Context } from './context.ts';

/** One entry. */
export function bindGetEntry(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.getEntry, (request) => getEntry(database, askerOf(request), request.params.entry));
}
