import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { showTenant } from '../show-tenant.ts';

/** Answers `getTenantInAuth`. */
export function bindGetTenant(context: Context): RouteBinding {
  return handle(routes.getTenantInAuth, ({ params }) => showTenant(context, params.tenant));
}
