import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';

/** Sees to it that a tenant has a data key. Limits are metadata's, sign-up is auth's: nothing else of the intent is ours. */
export function putTenantRoute(context: Context): RouteBinding {
  return handle(routes.putTenantInUpload, async ({ tenantId }) => {
    await context.keys.newest(tenantId);
    return undefined;
  });
}
