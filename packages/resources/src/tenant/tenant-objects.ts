import { createHash } from 'node:crypto';
import type { TenantId } from '@driftbox/domain';
import type { Manifest } from '../manifest.ts';
import { writeRecord, type TenantRecord } from './tenant-record.ts';

/** What an object of a tenant is for. */
type Part = 'tenant-record' | 'host-claim' | 'invitation' | 'route';

/** The labels by which everything that belongs to a tenant is found. */
export function tenantLabels(part: Part, name: string, tenantId: TenantId): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/managed-by': 'driftbox-operator',
    'driftbox.io/part': part,
    'driftbox.io/tenant': name,
    'driftbox.io/tenant-id': tenantId,
  };
}

/** Name of the ConfigMap that remembers a tenant. */
export function recordName(tenantId: TenantId): string {
  return `tenant-${tenantId}`;
}

/** Name of the ConfigMap by which one tenant alone has a host: whoever makes it has it. */
export function hostClaimName(host: string): string {
  return `host-${createHash('sha256').update(host.toLowerCase()).digest('hex')}`;
}

/** Name of the Secret that holds the invitation of a tenant's first administrator. */
export function invitationSecretName(name: string): string {
  return `tenant-${name}-invitation`;
}

/** The record of a tenant, in the operator's namespace. */
export function tenantRecord(record: TenantRecord, namespace: string): Manifest & { readonly data: Readonly<Record<string, string>> } {
  const { tenantId, tenant } = record;
  const metadata = { name: recordName(tenantId), namespace, labels: tenantLabels('tenant-record', tenant.name, tenantId) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: writeRecord(record) };
}

/** The claim of a tenant on a host, in the operator's namespace. */
export function hostClaim(host: string, name: string, tenantId: TenantId, namespace: string): Manifest {
  const metadata = { name: hostClaimName(host), namespace, labels: tenantLabels('host-claim', name, tenantId) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { host, tenant: name, tenantId } };
}
