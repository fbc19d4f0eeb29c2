import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { registerTenant } from '../register-tenant.ts';

/** Brings a tenant to an intent. */
export function putTenantRoute(context: Context): RouteBinding {
  return handle(routes.putTenantInUpload, async ({ params, body }) => {
    if (params.tenant !== body.tenantId) throw new Problem('invalid_argument', 'body.tenantId: is not the tenant of the path');
    await registerTenant(context, body);
    return undefined;
  });
}
