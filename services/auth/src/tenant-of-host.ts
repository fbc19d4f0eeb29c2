import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { BoundedMap, type CountLookup } from '@driftbox/service-kit';
import { findHost } from './store/find-host.ts';

const maxHosts = 10_000;
const keepMs = 10_000;

/** Makes the resolver of host names. An answer is kept for 10 s; a host of no tenant is the default tenant's, if there is one. */
export function createTenantOfHost(
  database: Database,
  defaultTenantId: TenantId | undefined,
  count: CountLookup,
): (host: string) => Promise<TenantId | undefined> {
  const known = new BoundedMap<TenantId | 'none'>(maxHosts);
  return async (host) => {
    const held = known.get(host, Date.now());
    count(held !== undefined);
    if (held !== undefined) return held === 'none' ? defaultTenantId : held;
    if (host.length > 253) return defaultTenantId;
    const found = await findHost(database, host);
    known.set(host, found ?? 'none', Date.now() + keepMs);
    return found ?? defaultTenantId;
  };
}
