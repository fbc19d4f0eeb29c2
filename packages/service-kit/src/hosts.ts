import type { TenantId } from '@driftbox/domain';
import type { CountLookup } from './count-lookups.ts';
import { LookupCache } from './lookup-cache.ts';

/** A host that moves to another tenant, or away, does so for everybody within this time. */
const freshMs = 5_000;
/** How long hosts go on being known while auth is away. */
const keepMs = 24 * 3_600_000;
const maxHosts = 10_000;

/**
 * Whose a host name is, for processes that have to ask auth for it (`findTenantOfHost`). The function throws what `ask`
 * throws for a host that was never heard of.
 */
export function followHosts(
  ask: (host: string) => Promise<{ readonly tenantId?: TenantId | undefined }>,
  { count, nowMs }: { readonly count?: CountLookup | undefined; readonly nowMs?: (() => number) | undefined } = {},
): (host: string) => Promise<TenantId | undefined> {
  const cache = new LookupCache({ ask: async (host) => (await ask(host)).tenantId, freshMs, keepMs, maximum: maxHosts, count, nowMs });
  return async (host) => (host.length > 253 ? undefined : cache.get(host));
}
