import type { TenantId } from '@driftbox/domain';
import type { Manifest } from '../manifest.ts';
import { judgeHosts } from './judge-hosts.ts';
import { renderRoutes, type CellExposure } from './render-routes.ts';
import { tenantIntentOf, type QuotaSpec, type TenantSpec } from './tenant-intent.ts';
import { hostClaim, invitationSecretName, tenantLabels, tenantRecord } from './tenant-objects.ts';

/** All that a Tenant comes to. */
export type RenderedTenant = {
  /** Objects in the cluster; of a Secret the names of its keys alone are said. */
  readonly objects: readonly Manifest[];
  /** What the services of the cell are told. */
  readonly intent: ReturnType<typeof tenantIntentOf>;
  /** Hosts that this cell cannot serve. */
  readonly unreachable: readonly string[];
};

/** What is rendered: a tenant and where it is placed. */
type Placed = {
  readonly name: string;
  readonly tenantId: TenantId;
  /** Uid of the Tenant. */
  readonly uid: string;
  readonly spec: TenantSpec;
  readonly quota: QuotaSpec | undefined;
  /** The cell and pool that it is placed in. */
  readonly cell: CellExposure & { readonly name: string };
  readonly pool: string;
  /** The operator's own. */
  readonly namespace: string;
};

/** What a Tenant would become in its cell, as the operator makes it, without a cluster. */
export function renderTenant({ name, tenantId, uid, spec, quota, cell, pool, namespace }: Placed): RenderedTenant {
  const { underDomain, own, unreachable } = judgeHosts(spec.hosts, cell.spec);
  const hosts = spec.hosts.filter((host) => underDomain.includes(host) || own.includes(host));
  const record = { tenantId, state: 'live' as const, tenant: { name, uid }, cell: cell.name, pool, hosts };
  const invitation = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: invitationSecretName(name), namespace, labels: tenantLabels('invitation', name, tenantId) },
    stringData: { invitation: '(random)', host: hosts[0] ?? '' },
  };
  return {
    objects: [
      tenantRecord(record, namespace),
      ...hosts.map((host) => hostClaim(host, name, tenantId, namespace)),
      ...(spec.firstAdministrator === undefined ? [] : [invitation]),
      ...renderRoutes({ name, tenantId, hosts }, cell),
    ],
    intent: { ...tenantIntentOf(tenantId, name, spec, quota), hosts },
    unreachable,
  };
}
