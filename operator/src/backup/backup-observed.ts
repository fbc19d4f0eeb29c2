import type { TenantBackupSpec } from '@driftbox/resources';
import type { Trouble } from '../cell/cell-observed.ts';
import type { DestinationSeen } from './see-destination.ts';
import type { JobSeen } from './see-job.ts';
import type { TenantBackup } from './tenant-backup.ts';

/** Whose backup it is to be, or what is awaited. */
export type TenantSeen =
  | { readonly kind: 'placed'; readonly tenantId: string; readonly cell: string; readonly manifest: string }
  | { readonly kind: 'waiting'; readonly why: string }
  | { readonly kind: 'missing'; readonly message: string };

/** The Secret with the backup key. `absent` may be made. */
export type KeySeen = { readonly kind: 'there' } | { readonly kind: 'absent' } | { readonly kind: 'missing'; readonly trouble: Trouble };

/** What is known of a TenantBackup when it is decided on. */
export type BackupObserved = {
  readonly backup: TenantBackup;
  /** Absent where it breaks a rule, as `faults` say. */
  readonly spec: TenantBackupSpec | undefined;
  readonly faults: readonly string[];
  readonly tenant: TenantSeen;
  readonly key: KeySeen;
  readonly destination: DestinationSeen;
  readonly job: JobSeen;
  readonly epochMs: number;
};
