import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { putTenant } from '../store/put-tenant.ts';
import type { Context } from './context.ts';

/** Brings a tenant to an intent. */
export function bindPutTenantInMetadata(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.putTenantInMetadata, async ({ params, body, signal }) => {
    const { name, suspended, limits } = body;
    const { logicalBytes, userBytes, fileBytes, files, historyDays, trashDays } = limits;
    const rates = [limits.requestsPerSecond, limits.requestBurst, limits.userRequestsPerSecond, limits.userRequestBurst];
    const values = [params.tenant, name, suspended, logicalBytes, userBytes, fileBytes, files, historyDays, trashDays, ...rates];
    await database.withTenant(params.tenant, putTenant, values, { readOnly: false, signal });
    return undefined;
  });
}
