import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listChildren } from '../read-entries.ts';
import { askerOf, type Context } from './context.ts';

/** The children of a folder. */
export function bindListChildren(context: Context): RouteBinding {
  const { database, hot } = context;
  return handle(routes.listChildren, (request) => {
    const { params, query } = request;
    const asker = askerOf(request);
    return hot.answer(asker, ['children', params.entry, query.cursor, query.limit], () =>
      listChildren(database, asker, params.entry, query.cursor, query.limit),
    );
  });
}
