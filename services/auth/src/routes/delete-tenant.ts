import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { eraseTenant } from '../erase-tenant.ts';

/** Answers `deleteTenantInAuth`. */
export function bindDeleteTenant(context: Context): RouteBinding {
  return handle(routes.deleteTenantInAuth, ({ params, deadline }) => eraseTenant(context, params.tenant, deadline.remainingMs() / 2));
}
