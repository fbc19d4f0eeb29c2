import { Counter, type Registry } from 'prom-client';
import { sharedMetric } from './shared-metric.ts';

/** Every cache that is watched by name, and what each miss costs: a closed set. */
export const caches = {
  answers: 'What many ask metadata about a drive while it stays as it is; a miss is a query or two',
  app_passwords: 'Tokens for app passwords, kept for a minute; a miss asks auth, which hashes',
  data_keys: 'Data keys of tenants; a miss reads them and has the key manager open them',
  hosts: 'Whose a host is; a miss asks auth, or in auth the database',
  issuers: 'What OpenID issuers say of themselves; a miss asks them',
  members: 'Who follows which drives, in sync; a miss asks metadata',
  pack_sizes: 'Sizes of packs that were just written; a miss asks the pool',
  service_tokens: 'Tokens of services that were verified before; a miss checks a signature',
  signing_keys: 'Public keys of access tokens; a miss asks auth',
  socket_limits: 'How many sockets a tenant may have; a miss asks metadata',
  tenant_limits: 'How often a tenant may call; a miss asks metadata',
  user_tokens: 'Access tokens that were verified before; a miss checks a signature',
} as const;

/** A cache's name, which is the value of a label. */
export type CacheName = keyof typeof caches;

/** Is told of each look into a cache whether it was there. */
export type CountLookup = (isHit: boolean) => void;

/** Counts how often a cache had what was asked for. Without a registry, as in tests, nothing is counted. */
export function countLookups(registry: Registry | undefined, cache: CacheName): CountLookup {
  if (registry === undefined) return () => {};
  const lookups = sharedMetric(
    registry,
    'driftbox_cache_lookups_total',
    (name) =>
      new Counter({
        name,
        help: 'Looks into each cache, by the names below: hits found what they wanted. Many misses in a busy cell: it is too small',
        labelNames: ['cache', 'outcome'],
        registers: [registry],
      }),
  );
  const [hit, miss] = [lookups.labels({ cache, outcome: 'hit' }), lookups.labels({ cache, outcome: 'miss' })];
  // A cache that nobody has looked into yet has a rate too.
  hit.inc(0);
  miss.inc(0);
  return (isHit) => (isHit ? hit : miss).inc();
}
