import type { TenantObserved } from './tenant-observed.ts';

/**
 * Why a tenant may not take over the data that it asks for; undefined where it may, has it, or asks for none. What is kept may be taken
 * by one alone; so may what a Tenant left that was removed without us.
 */
export function judgeAdoption({ record, recordOrphaned, tenant, tenantId, spec }: TenantObserved): string | undefined {
  const asksFor = spec?.adopt;
  // It was taken over before, and somebody removed the record since.
  const isTaken = tenant.status?.tenantId === tenantId;
  if (record === undefined) return asksFor === undefined || isTaken ? undefined : `nothing is known of a tenant ${asksFor}`;
  if (record.state === 'erased') return `the tenant ${tenantId} was erased at ${record.endedAt ?? 'an unknown time'}`;
  if (record.state === 'abandoned') return `the tenant ${tenantId} was given up with its cell ${record.cell}`;
  if (record.tenant.uid === tenant.metadata.uid || record.state === 'retained' || recordOrphaned) return undefined;
  return `the tenant ${tenantId} is that of Tenant ${record.tenant.name}`;
}
