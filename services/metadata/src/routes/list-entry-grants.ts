import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listEntryGrants } from '../entry-grants.ts';
import { askerOf, type Context } from './context.ts';

/** Who holds a role on an entry. */
export function bindListEntryGrants({ database }: Context): RouteBinding {
  return handle(routes.listEntryGrants, (request) => listEntryGrants(database, askerOf(request), request.params.entry, request.query));
}
