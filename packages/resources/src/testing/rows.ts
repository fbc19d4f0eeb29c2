import { cellRows } from './cell-rows.ts';
import { quotaRows } from './quota-rows.ts';
import type { Row } from './row.ts';
import { storagePoolRows } from './storage-pool-rows.ts';
import { tenantBackupRows } from './tenant-backup-rows.ts';
import { tenantBackupScheduleRows } from './tenant-backup-schedule-rows.ts';
import { tenantRestoreRows } from './tenant-restore-rows.ts';
import { tenantRows } from './tenant-rows.ts';

/** Every row. */
export const rows: readonly Row[] = [
  ...storagePoolRows,
  ...quotaRows,
  ...cellRows,
  ...tenantRows,
  ...tenantBackupRows,
  ...tenantBackupScheduleRows,
  ...tenantRestoreRows,
];
