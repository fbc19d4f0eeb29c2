import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { removeTag } from '../tags.ts';
import { askerOf, type Context } from './context.ts';

/** Takes a tag off an entry. */
export function bindRemoveTag(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.removeTag, async (request) => {
    await removeTag(database, askerOf(request), request.params.entry, request.params.tag);
    return undefined;
  });
}
