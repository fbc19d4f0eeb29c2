import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { readDataKeys, type KeptKey } from '../store/read-data-keys.ts';
import { tenantsAfter } from '../store/tenants-after.ts';

/** A data key of a tenant as it is kept. */
export type KeptDataKey = { readonly of: { readonly tenant: TenantId; readonly generation: number }; readonly wrapped: KeptKey };

const tenantsOfStep = 50;

/** The data keys of all tenants after a place, some tenants at a time, with the place to go on from. */
export async function* walkDataKeys(
  database: Database,
  place: TenantId | undefined,
): AsyncGenerator<{ readonly place: TenantId; readonly tenants: number; readonly keys: readonly KeptDataKey[] }> {
  for (let after = place; ;) {
    const tenants = await tenantsAfter(database, after, tenantsOfStep);
    after = tenants.at(-1);
    if (after === undefined) return;
    const keys: KeptDataKey[] = [];
    for (const tenant of tenants) {
      for (const wrapped of await readDataKeys(database, tenant)) keys.push({ of: { tenant, generation: wrapped.generation }, wrapped });
    }
    yield { place: after, tenants: tenants.length, keys };
  }
}
