import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { checkTenant } from '../scrub/check-tenant.ts';

/** Checks some of what the pool holds for a tenant. */
export function checkTenantRoute(context: Context): RouteBinding {
  return handle(routes.checkTenantInUpload, ({ params, body, signal, deadline }) =>
    checkTenant(context, params.tenant, { place: body.place, repair: body.repair, signal, budgetMs: deadline.remainingMs() / 4 }),
  );
}
