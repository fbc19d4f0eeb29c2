import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { showTenant } from '../show-tenant.ts';

/** Shows a tenant's intent and what the pool holds for it. */
export function getTenantRoute(context: Context): RouteBinding {
  return handle(routes.getTenantInUpload, ({ params }) => showTenant(context, params.tenant));
}
