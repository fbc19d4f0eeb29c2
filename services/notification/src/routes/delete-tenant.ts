import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { eraseTenant } from '../erase-tenant.ts';

/** Erases a tenant. */
export function bindDeleteTenant({ database }: Context): RouteBinding {
  return handle(routes.deleteTenantInNotification, ({ params, deadline }) =>
    eraseTenant(database, params.tenant, deadline.remainingMs() / 2),
  );
}
