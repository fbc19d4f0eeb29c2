import { tenantBackupKind } from '@driftbox/resources';
import { resourceKindOf } from '../resource-kind-of.ts';
import type { Condition, WithStatus } from '../runtime/index.ts';

/** What the operator says of a TenantBackup. */
export type TenantBackupStatus = {
  readonly observedGeneration: number;
  readonly conditions?: readonly Condition[];
  readonly tenantId?: string;
  readonly point?: string;
  readonly takenAt?: string;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly drives?: number;
  readonly rows?: number;
  readonly chunks?: number;
  readonly newObjects?: number;
  readonly newBytes?: number;
  readonly damaged?: number;
  readonly tenantManifest?: string;
  readonly requestedAt?: string;
};

/** A TenantBackup as it comes from the API: its spec is judged before it is believed. */
export type TenantBackup = WithStatus<TenantBackupStatus> & { readonly spec: unknown };

export const backupResource = resourceKindOf(tenantBackupKind);

/** Keeps a TenantBackup until its point is removed, where it is to be. */
export const backupFinalizer = 'driftbox.io/backup';
/** Who applies what belongs to TenantBackups. */
export const backupManager = 'driftbox-backup';
