import { judgeHosts } from '@driftbox/resources';
import type { TenantObserved } from './tenant-observed.ts';

/** The hosts of a spec by what can become of them. */
export type WantedHosts = {
  /** The cell can serve them, and nobody else has them. */
  readonly free: readonly string[];
  /** This tenant has them, and they can be served. */
  readonly held: readonly string[];
  /** Others have them, each with the name of the tenant. */
  readonly lost: readonly { readonly host: string; readonly holder: string }[];
  readonly unreachable: readonly string[];
};

/** Sorts the hosts that a spec names. A host that a service refused is lost too: somebody has it whom we do not know. */
export function wantedHosts({ spec, exposure, claims, tenantId, takenInCell }: TenantObserved): WantedHosts {
  if (spec === undefined || exposure === undefined) return { free: [], held: [], lost: [], unreachable: [] };
  const { unreachable } = judgeHosts(spec.hosts, exposure.spec);
  const served = spec.hosts.filter((host) => !unreachable.includes(host));
  const isHeld = (host: string): boolean => claims.get(host)?.tenantId === tenantId;
  return {
    free: served.filter((host) => !claims.has(host)),
    held: served.filter((host) => isHeld(host) && !takenInCell.includes(host)),
    lost: served.flatMap((host) => {
      if (isHeld(host)) return takenInCell.includes(host) ? [{ host, holder: 'a tenant unknown here' }] : [];
      const holder = claims.get(host)?.tenant;
      return holder === undefined ? [] : [{ host, holder: `Tenant ${holder}` }];
    }),
    unreachable,
  };
}

/** Hosts that this tenant has and does not want, or cannot be served at, any more. */
export function surplusHosts(observed: TenantObserved): string[] {
  const { held, lost } = wantedHosts(observed);
  const kept = new Set([...held, ...lost.map(({ host }) => host)]);
  return [...observed.claims].flatMap(([host, { tenantId }]) => (tenantId === observed.tenantId && !kept.has(host) ? [host] : []));
}
