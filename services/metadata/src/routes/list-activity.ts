import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listActivity } from '../list-activity.ts';
import { askerOf, type Context } from './context.ts';

/** What was done in a drive, or to an entry. */
export function bindListActivity({ database }: Context): RouteBinding {
  return handle(routes.listActivity, (request) => {
    const { entry, cursor, limit } = request.query;
    return listActivity(database, askerOf(request), { entry, cursor, limit });
  });
}
