import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { listTenants } from '../store/list-tenants.ts';

const tenantsOfCall = 1_000;

/** Answers `listTenantsInAuth`. */
export function bindListTenants({ database }: Context): RouteBinding {
  return handle(routes.listTenantsInAuth, async ({ query }) => {
    const tenants = await listTenants(database, query.place, tenantsOfCall);
    const last = tenants.at(-1);
    return { tenants, ...(last === undefined || tenants.length < tenantsOfCall ? {} : { place: last }) };
  });
}
