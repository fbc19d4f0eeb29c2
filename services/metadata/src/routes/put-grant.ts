import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { putGrant } from '../put-grant.ts';
import { askerOf, type Context } from './context.ts';

/** Gives a person a role. */
export function bindPutGrant({ database, onCommitted }: Context): RouteBinding {
  return handle(routes.putGrant, (request) =>
    putGrant(database, askerOf(request), { wanted: { subject: request.params.subject }, role: request.body.role }, onCommitted),
  );
}
