import { tenantBackupScheduleKind } from '@driftbox/resources';
import { resourceKindOf } from '../resource-kind-of.ts';
import type { Condition, WithStatus } from '../runtime/index.ts';

/** What the operator says of a TenantBackupSchedule. */
export type TenantBackupScheduleStatus = {
  readonly observedGeneration: number;
  readonly conditions?: readonly Condition[];
  readonly nextTime?: string;
  readonly lastTime?: string;
  readonly lastBackup?: string;
  readonly lastSuccess?: string;
  readonly kept?: number;
  readonly requestedAt?: string;
};

/** A TenantBackupSchedule as it comes from the API: its spec is judged before it is believed. */
export type TenantBackupSchedule = WithStatus<TenantBackupScheduleStatus> & { readonly spec: unknown };

export const scheduleResource = resourceKindOf(tenantBackupScheduleKind);
/** Who applies what belongs to TenantBackupSchedules. */
export const scheduleManager = 'driftbox-backup-schedule';
/** On a TenantBackup: the schedule that made it. */
export const scheduleLabel = 'driftbox.io/schedule';
