import type { Kind } from './define-kind.ts';
import { cellKind } from './kinds/cell.ts';
import { quotaKind } from './kinds/quota.ts';
import { storagePoolKind } from './kinds/storage-pool.ts';
import { tenantBackupScheduleKind } from './kinds/tenant-backup-schedule.ts';
import { tenantBackupKind } from './kinds/tenant-backup.ts';
import { tenantRestoreKind } from './kinds/tenant-restore.ts';
import { tenantKind } from './kinds/tenant.ts';

/** Every kind, in the order in which they are made: each may refer to those before it. */
export const kinds: readonly Kind[] = [
  storagePoolKind,
  quotaKind,
  cellKind,
  tenantKind,
  tenantBackupKind,
  tenantBackupScheduleKind,
  tenantRestoreKind,
];
