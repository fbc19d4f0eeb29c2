import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { getEntryGrant } from '../entry-grants.ts';
import { askerOf, type Context } from './context.ts';

/** The role of one person or group on an entry. */
export function bindGetEntryGrant({ database }: Context): RouteBinding {
  return handle(routes.getEntryGrant, (request) => getEntryGrant(database, askerOf(request), request.params.entry, request.params.subject));
}
