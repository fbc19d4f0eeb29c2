import type { z } from 'zod';
import type { cellKind } from '../kinds/cell.ts';

/** What a Cell says, with defaults filled in. */
export type CellSpec = z.output<typeof cellKind.spec>;

/** Hosts of a tenant by how a cell can serve them. */
export type HostsJudgement = {
  /** Covered by the domain of the cell, its certificate and whatever leads to it. */
  readonly underDomain: readonly string[];
  /** Elsewhere: each needs a route of its own, and a certificate. */
  readonly own: readonly string[];
  /** Elsewhere, and there is nothing that could lead to the cell. */
  readonly unreachable: readonly string[];
};

/** Which hosts a cell can serve. A certificate for `*.domain` covers one label, so `a.b.domain` is not under it (RFC 9525, 6.3). */
export function judgeHosts(hosts: readonly string[], { domain, expose }: Pick<CellSpec, 'domain' | 'expose'>): HostsJudgement {
  const isUnder = (host: string): boolean => {
    if (domain === undefined || !host.endsWith(`.${domain}`)) return false;
    return !host.slice(0, -domain.length - 1).includes('.');
  };
  const elsewhere = hosts.filter((host) => !isUnder(host));
  const hasIngress = expose.ingress !== undefined || expose.gateway !== undefined;
  return { underDomain: hosts.filter(isUnder), own: hasIngress ? elsewhere : [], unreachable: hasIngress ? [] : elsewhere };
}
