import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { getEntryPath } from '../read-entries.ts';
import { askerOf, type Context } from './context.ts';

/** The ancestors of an entry. */
export function bindGetEntryPath(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.getEntryPath, (request) => getEntryPath(database, askerOf(request), request.params.entry));
}
