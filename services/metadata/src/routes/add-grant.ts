import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { putGrant } from '../put-grant.ts';
import { askerOf, type Context } from './context.ts';

/** Gives a person a role, by their address. */
export function bindAddGrant({ database, onCommitted }: Context): RouteBinding {
  return handle(routes.addGrant, (request) =>
    putGrant(database, askerOf(request), { wanted: { email: request.body.email }, role: request.body.role }, onCommitted),
  );
}
