import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { putGrant } from '../put-grant.ts';
import { askerOf, type Context } from './context.ts';

/** Gives a person a role, by their address. */
export function bindAddGrant(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.addGrant, (request) => putGrant(database, askerOf(request), { email: request.body.email }, request.body.role));
}
