import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { getEntryAt } from '../read-past.ts';
import { askerOf, type Context } from './context.ts';

/** One entry as it was. */
export function bindGetEntryAt(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.getEntryAt, (request) => getEntryAt(database, askerOf(request), request.params.entry, request.params.seq));
}
