import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { removeEntryGrant } from '../entry-grants.ts';
import { askerOf, type Context } from './context.ts';

/** Takes a role on an entry away. */
export function bindRemoveEntryGrant({ database }: Context): RouteBinding {
  return handle(routes.removeEntryGrant, async (request) => {
    await removeEntryGrant(database, askerOf(request), request.params.entry, request.params.subject);
    return undefined;
  });
}
