import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { putEntryGrant } from '../entry-grants.ts';
import { askerOf, type Context } from './context.ts';

/** Gives a person or group a role on an entry. */
export function bindPutEntryGrant({ database }: Context): RouteBinding {
  return handle(routes.putEntryGrant, (request) =>
    putEntryGrant(database, askerOf(request), request.params.entry, { subject: request.params.subject }, request.body.role),
  );
}
