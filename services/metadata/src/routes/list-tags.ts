import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listTags } from '../tags.ts';
import { askerOf, type Context } from './context.ts';

/** The tags of an entry. */
export function bindListTags(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.listTags, async (request) => ({ items: await listTags(database, askerOf(request), request.params.entry) }));
}
