export { backupCell, removeCell, restoreCell, verifyCell, type Failed, type OfTenants, type WholeCell } from './backup-cell.ts';
export { listCellPoints, opened, type CellPoint, type OpenDestination } from './cell-point.ts';
export type { Cell } from './cell.ts';
export { compareWithBackup } from './compare-with-backup.ts';
export { createBackup, type CreatedBackup } from './create-backup.ts';
export { BackupDamaged } from './backup-damaged.ts';
export {
  makeBackupKey,
  newBackupKey,
  openBucketDestination,
  openFolderDestination,
  parseBackupKey,
  readBackupKey,
  type Destination,
} from './destination.ts';
export { listBackups, type ListedBackup } from './list-backups.ts';
export type { Progress, Tell } from './progress.ts';
export { putTenant } from './put-tenant.ts';
export { rehearseBackup, type Rehearsal } from './rehearse-backup.ts';
export { removeBackup, type RemovedBackup } from './remove-backup.ts';
export { abandonRestore, restoreBackup, type RestoredBackup, type RestoreTarget } from './restore-backup.ts';
export { restoreIdOf } from './restore-id.ts';
export { tenantOfBackup } from './tenant-of-backup.ts';
export { verifyBackups, type VerifiedBackup } from './verify-backups.ts';
