import type { TenantId } from '@driftbox/domain';
import { newBackup } from '../backup/new-backup.ts';
import type { TenantBackup } from '../backup/tenant-backup.ts';
import type { TenantObserved } from './tenant-observed.ts';

/** The last backup of a tenant, as far as there is one. */
export type LastBackupSeen = { readonly kind: 'absent' } | { readonly kind: 'there'; readonly isWhole: boolean; readonly message: string };

/** Name of the TenantBackup that is made before a tenant is erased. */
export function lastBackupName(tenantId: TenantId): string {
  return `snapshot-${tenantId.replaceAll('-', '').slice(0, 31)}`;
}

/** What is seen of it. */
export function seeLastBackup(backup: TenantBackup | undefined): LastBackupSeen {
  if (backup === undefined || backup.metadata.deletionTimestamp !== undefined) return { kind: 'absent' };
  const message = backup.status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? 'it has just been asked for';
  return { kind: 'there', isWhole: backup.status?.completionTime !== undefined, message };
}

/** True while a tenant that is to be erased has to be backed up before. */
export function awaitsBackup({ spec, lastBackup }: Pick<TenantObserved, 'spec' | 'lastBackup'>): boolean {
  return spec?.deletionPolicy === 'Snapshot' && !(lastBackup.kind === 'there' && lastBackup.isWhole);
}

/** The last backup as it is to be made. Deleting its object leaves it where it is: there is no other. */
export function lastBackupOf({ spec, tenant, tenantId }: TenantObserved): TenantBackup | undefined {
  if (spec?.snapshot === undefined) return undefined;
  const { name, labels } = tenant.metadata;
  const by = { labels: { ...labels, 'driftbox.io/tenant': name, 'driftbox.io/tenant-id': tenantId } };
  return newBackup(lastBackupName(tenantId), by, { tenant: name, ...spec.snapshot, deletionPolicy: 'Retain' });
}
