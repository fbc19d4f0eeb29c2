import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { putGrant } from '../put-grant.ts';
import { askerOf, type Context } from './context.ts';

/** Gives a person a role. */
export function bindPutGrant(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.putGrant, (request) => putGrant(database, askerOf(request), { subject: request.params.subject }, request.body.role));
}
