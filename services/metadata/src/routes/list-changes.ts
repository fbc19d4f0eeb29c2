import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listChanges } from '../list-changes.ts';
import { askerOf, type Context } from './context.ts';

/** What changed after a cursor. */
export function bindListChanges(context: Context): RouteBinding {
  return handle(routes.listChanges, (request) => listChanges(context, askerOf(request), request.query.after, request.query.limit));
}
