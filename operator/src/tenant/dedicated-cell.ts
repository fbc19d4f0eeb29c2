import { isDeepStrictEqual } from 'node:util';
import type { TenantId } from '@driftbox/domain';
import { apiVersion, type Manifest } from '@driftbox/resources';
import { passedOnLabels } from '../passed-on-labels.ts';
import type { TenantObserved } from './tenant-observed.ts';

/** Name of the cell that a dedicated tenant has for itself. */
export function dedicatedCellName(tenantId: TenantId): string {
  return `t-${tenantId}`;
}

/** True where a tenant wants a cell for itself. */
export function isDedicated({ spec }: Pick<TenantObserved, 'spec'>): boolean {
  return spec?.isolation.dedicated !== undefined;
}

/** The cell as it is to be, after its template; undefined where it is so already, or the template is gone, whose word still holds. */
export function dedicatedCell({ spec, cells, tenantId, tenant, record }: TenantObserved): Manifest | undefined {
  const template = cells.find(({ name }) => name === spec?.isolation.dedicated?.template);
  const known = cells.find(({ name }) => name === dedicatedCellName(tenantId));
  if (template === undefined || spec === undefined || known?.isGoing === true) return undefined;
  const wanted = {
    ...template.spec,
    template: false,
    domain: known?.spec.domain ?? template.spec.domain ?? parentDomain(spec.hosts[0] ?? ''),
    // Of the template's the one in which the tenant was given room.
    pools: record === undefined ? template.spec.pools : [record.pool],
    maxTenants: 1,
    deletionPolicy: known?.spec.deletionPolicy ?? template.spec.deletionPolicy,
  };
  if (known !== undefined && isDeepStrictEqual(known.spec, wanted)) return undefined;
  const labels = { ...passedOnLabels(tenant.metadata), 'driftbox.io/tenant': tenant.metadata.name, 'driftbox.io/tenant-id': tenantId };
  return { apiVersion, kind: 'Cell', metadata: { name: dedicatedCellName(tenantId), labels }, spec: wanted };
}

function parentDomain(host: string): string {
  return host.slice(host.indexOf('.') + 1);
}
