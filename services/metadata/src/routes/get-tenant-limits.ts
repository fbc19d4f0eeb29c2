import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { readTenantLimits, type TenantLimitsRow } from '../store/read-tenant-limits.ts';
import type { Context } from './context.ts';

/** Tells gateway and sync what a tenant may do. */
export function bindGetTenantLimits(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.getTenantLimits, async ({ params: { tenant }, tenantId, caller, signal }) => {
    if ((caller !== 'gateway' && caller !== 'sync') || tenantId !== tenant) throw new Problem('not_found');
    const { rows } = await database.withTenant<TenantLimitsRow>(tenant, readTenantLimits, [tenant], { readOnly: true, signal });
    const [row] = rows;
    if (row === undefined) throw new Problem('not_found', 'There is no such tenant');
    return {
      suspended: row.suspended,
      tenantRequests: { perSecond: row.requests_per_second, burst: row.request_burst },
      userRequests: { perSecond: row.user_requests_per_second, burst: row.user_request_burst },
      sockets: row.sockets,
    };
  });
}
