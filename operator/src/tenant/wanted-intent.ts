import { isDeepStrictEqual } from 'node:util';
import { tenantIntent, withoutSecrets, type TenantIntent } from '@driftbox/protocol';
import { issuersOf, tenantIntentOf } from '@driftbox/resources';
import { keepers, type CellView } from './cell-door.ts';
import type { TenantObserved } from './tenant-observed.ts';
import { wantedHosts } from './wanted-hosts.ts';

/** What the services are to be told: the spec with the hosts that it got, and a generation beyond all that they have seen. */
export function wantedIntent(observed: TenantObserved): TenantIntent | undefined {
  const { spec, quota, tenant, tenantId, invitation, view } = observed;
  if (spec === undefined || quota.kind === 'unusable') return undefined;
  const intent = tenantIntentOf(tenantId, tenant.metadata.name, spec, quota.kind === 'found' ? quota.spec : undefined);
  const { firstAdministrator, ...rest } = intent;
  const invited =
    wantsInvitation(observed) && invitation !== undefined ? { firstAdministrator: { ...firstAdministrator, invitation } } : {};
  const shown = firstAdministrator === undefined ? {} : { firstAdministrator };
  return tenantIntent.parse({
    ...rest,
    ...shown,
    ...invited,
    issuers: wantedIssuers(observed),
    hosts: wantedHosts(observed).held,
    generation: nextGeneration(observed, view),
  });
}

/** Those whose Secret is there; the others wait for it. */
function wantedIssuers({ spec, issuerSecrets }: TenantObserved): TenantIntent['issuers'] {
  return (spec === undefined ? [] : issuersOf(spec)).flatMap(({ secretName, ...issuer }) => {
    const secret = issuerSecrets.get(secretName);
    return secret === undefined ? [] : [{ ...issuer, clientSecret: secret.clientSecret, secretVersion: secret.version }];
  });
}

/** What they are to be told of a tenant that ends: nobody gets in, and its hosts are free. */
export function retiredIntent(observed: TenantObserved): TenantIntent {
  const { tenant, tenantId, view } = observed;
  const kept = keepers.map((keeper) => view?.kept[keeper]).find((one) => one?.kind === 'kept');
  const before = kept?.kind === 'kept' ? kept.intent : { name: tenant.metadata.name };
  return tenantIntent.parse({ ...before, tenantId, suspended: true, hosts: [], generation: nextGeneration(observed, view) });
}

/** True where every service keeps this intent, the number and the secret aside. */
export function isKept(intent: TenantIntent, view: CellView): boolean {
  const plain = comparable(intent);
  return keepers.every((keeper) => {
    const kept = view.kept[keeper];
    return kept.kind === 'kept' && isDeepStrictEqual(comparable(kept.intent), plain);
  });
}

/** True while somebody is to be invited: the spec names a first administrator, and nobody has signed up. */
export function wantsInvitation({ spec, view }: TenantObserved): boolean {
  return spec?.firstAdministrator !== undefined && (view?.usage.users ?? 0) === 0;
}

function comparable(intent: TenantIntent): unknown {
  const { generation: _, hosts, ...rest } = withoutSecrets(intent);
  return { ...rest, hosts: hosts.toSorted() };
}

/**
 * The time, unless a service has seen a later one: what an operator decided that has lost the lead since is older than what its
 * successor decides, and is refused if it arrives late.
 */
function nextGeneration({ epochMs }: TenantObserved, view: CellView | undefined): number {
  const seen = keepers.map((keeper) => {
    const kept = view?.kept[keeper];
    return kept?.kind === 'kept' ? (kept.intent.generation ?? 0) : 0;
  });
  return Math.max(epochMs, ...seen.map((generation) => generation + 1));
}
