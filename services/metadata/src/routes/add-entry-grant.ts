import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { putEntryGrant } from '../entry-grants.ts';
import { askerOf, type Context } from './context.ts';

/** Gives a person, named by their address, a role on an entry. */
export function bindAddEntryGrant({ database }: Context): RouteBinding {
  return handle(routes.addEntryGrant, (request) =>
    putEntryGrant(database, askerOf(request), request.params.entry, { email: request.body.email }, request.body.role),
  );
}
