import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { registerTenant } from '../register-tenant.ts';

/** Answers `putTenantInAuth`. */
export function bindPutTenant(context: Context): RouteBinding {
  return handle(routes.putTenantInAuth, ({ params, body }) => {
    if (params.tenant !== body.tenantId) throw new Problem('invalid_argument', 'body.tenantId: is not the tenant of the path');
    return registerTenant(context, body);
  });
}
