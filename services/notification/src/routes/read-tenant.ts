import { readTenant } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { keptRows } from '../store/kept-rows.ts';

/** Reads what a backup keeps of a tenant. */
export function bindReadTenant({ database }: Pick<Context, 'database'>): RouteBinding {
  return handle(routes.readTenantInNotification, async ({ params, signal }) => {
    const body = await readTenant(database, params.tenant, keptRows, signal);
    return reply({ status: 200, headers: { 'content-type': 'application/x-ndjson' }, body });
  });
}
