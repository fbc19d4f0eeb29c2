import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { removeGrant } from '../remove-grant.ts';
import { askerOf, type Context } from './context.ts';

/** Takes a role away. */
export function bindRemoveGrant(context: Context): RouteBinding {
  const { database, onCommitted } = context;
  return handle(routes.removeGrant, async (request) => {
    await removeGrant(database, askerOf(request), request.params.subject, onCommitted);
    return undefined;
  });
}
