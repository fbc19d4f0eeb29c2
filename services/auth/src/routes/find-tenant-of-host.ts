import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';

/** Answers `findTenantOfHost`. */
export function bindFindTenantOfHost(context: Context): RouteBinding {
  return handle(routes.findTenantOfHost, async ({ params }) => ({ tenantId: await context.tenantOfHost(params.host) }));
}
