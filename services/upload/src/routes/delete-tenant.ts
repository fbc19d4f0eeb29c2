import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { eraseTenant } from '../erase-tenant.ts';

/** Erases a tenant's bytes. */
export function deleteTenantRoute(context: Context): RouteBinding {
  return handle(routes.deleteTenantInUpload, ({ params, deadline }) => eraseTenant(context, params.tenant, deadline.remainingMs() / 2));
}
