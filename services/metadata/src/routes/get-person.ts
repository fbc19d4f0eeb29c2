import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { getPerson } from '../invitees.ts';
import { requireAsking, type Context } from './context.ts';

/** What is known of the acting user. */
export function bindGetPerson({ database }: Context): RouteBinding {
  return handle(routes.getPerson, (request) => {
    requireAsking(request);
    return getPerson(database, { tenantId: request.tenantId, userId: request.actor.userId });
  });
}
