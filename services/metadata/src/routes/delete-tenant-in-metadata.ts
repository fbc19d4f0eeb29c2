import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { eraseTenant } from '../erase-tenant.ts';
import type { Context } from './context.ts';

/** Erases a tenant. */
export function bindDeleteTenantInMetadata({ database }: Context): RouteBinding {
  return handle(routes.deleteTenantInMetadata, ({ params, deadline }) => eraseTenant(database, params.tenant, deadline.remainingMs() / 2));
}
