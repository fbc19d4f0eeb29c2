import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { registerTenant } from '../register-tenant.ts';
import type { Context } from './context.ts';

/** Brings a tenant to an intent. */
export function bindPutTenantInMetadata({ database }: Context): RouteBinding {
  return handle(routes.putTenantInMetadata, async ({ params, body, signal }) => {
    if (params.tenant !== body.tenantId) throw new Problem('invalid_argument', 'body.tenantId: is not the tenant of the path');
    await registerTenant(database, body, signal);
    return undefined;
  });
}
