import { parseTenantId, type TenantId } from '@driftbox/domain';
import { LookupCache, type CountLookup } from '@driftbox/service-kit';

/** How many sockets a tenant may have open. Never throws. */
export type MostSockets = (tenantId: TenantId) => Promise<number>;

/** A new limit holds for new sockets within this time. */
const freshMs = 5_000;
const keepMs = 24 * 3_600_000;
const maxTenants = 10_000;

/** Asks metadata and keeps the answer for a while. What cannot be found out limits nobody: a limit protects less than an outage costs. */
export function followMostSockets(ask: (tenantId: TenantId) => Promise<{ readonly sockets: number }>, count?: CountLookup): MostSockets {
  const cache = new LookupCache({
    ask: async (id) => {
      const tenantId = parseTenantId(id);
      return tenantId === undefined ? Infinity : (await ask(tenantId)).sockets;
    },
    freshMs,
    keepMs,
    maximum: maxTenants,
    count,
  });
  return async (tenantId) => {
    try {
      return await cache.get(tenantId);
    } catch {
      return Infinity;
    }
  };
}
