import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { removeUser } from '../remove-user.ts';
import type { Context } from './context.ts';

/** Removes a person from the tenant. */
export function bindRemoveUser(context: Context): RouteBinding {
  return handle(routes.removeUser, ({ tenantId, actor, params, body, signal }) =>
    removeUser(context, { tenantId, actor, signal }, { ...params, ...body }),
  );
}
