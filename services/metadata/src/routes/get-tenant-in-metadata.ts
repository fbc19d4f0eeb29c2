import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { showTenant } from '../show-tenant.ts';
import type { Context } from './context.ts';

/** Shows a tenant's intent and ledger. */
export function bindGetTenantInMetadata({ database }: Context): RouteBinding {
  return handle(routes.getTenantInMetadata, ({ params, signal }) => showTenant(database, params.tenant, signal));
}
