import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { resolvePath } from '../read-entries.ts';
import { askerOf, type Context } from './context.ts';

/** The entry at a path. */
export function bindResolvePath(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.resolvePath, (request) => resolvePath(database, askerOf(request), request.query.path));
}
