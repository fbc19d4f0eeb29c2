import type { TenantId } from '@driftbox/domain';
import { unlessErased } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listTenants } from '../store/list-expired.ts';
import { renewEpochs } from '../store/renew-epochs.ts';
import type { Context } from './context.ts';

const tenantsOfCall = 20;

/** Answers `recoverMetadata`. */
export function bindRecover({ database }: Context): RouteBinding {
  return handle(routes.recoverMetadata, async ({ body }) => {
    const { rows } = await database.query<{ tenant: TenantId }>(listTenants, [body.place ?? null, tenantsOfCall]);
    const tenants = rows.map(({ tenant }) => tenant);
    let drives = 0;
    for (const tenant of tenants) {
      await unlessErased(async () => {
        drives += (await database.withTenant(tenant, renewEpochs, [tenant], { readOnly: false, attempts: 3 })).rows.length;
      });
    }
    const last = tenants.at(-1);
    return { tenants, drives, ...(last === undefined || tenants.length < tenantsOfCall ? {} : { place: last }) };
  });
}
