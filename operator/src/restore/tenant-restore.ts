import { tenantRestoreKind, type TenantRestoreSpec } from '@driftbox/resources';
import type { KeySeen } from '../backup/backup-observed.ts';
import type { DestinationSeen } from '../backup/see-destination.ts';
import type { JobSeen } from '../backup/see-job.ts';
import type { TaskStatus } from '../backup/task-phase.ts';
import { resourceKindOf } from '../resource-kind-of.ts';
import type { WithStatus } from '../runtime/index.ts';

/** What the operator says of a TenantRestore. */
export type TenantRestoreStatus = TaskStatus & {
  readonly tenantId?: string;
  readonly point?: string;
  readonly takenAt?: string;
  readonly drives?: number;
  readonly rows?: number;
  readonly chunks?: number;
  readonly sentChunks?: number;
  readonly sentBytes?: number;
  readonly damaged?: number;
};

/** A TenantRestore as it comes from the API: its spec is judged before it is believed. */
export type TenantRestore = WithStatus<TenantRestoreStatus> & { readonly spec: unknown };

export const restoreResource = resourceKindOf(tenantRestoreKind);
/** Who applies what belongs to TenantRestores. */
export const restoreManager = 'driftbox-restore';

/** Something that may be there, be awaited, or be missing until somebody changes something. */
export type Sought<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'waiting'; readonly why: string }
  | { readonly kind: 'missing'; readonly message: string };

/** The backup that is restored. */
export type RestoreSource = {
  readonly tenantId: string;
  readonly point: string;
  readonly keySecret: string;
  readonly destination: DestinationSeen;
};

/** What is known of a TenantRestore when it is decided on. */
export type RestoreObserved = {
  readonly restore: TenantRestore;
  /** Absent where it breaks a rule, as `faults` say. */
  readonly spec: TenantRestoreSpec | undefined;
  readonly faults: readonly string[];
  readonly source: Sought<RestoreSource>;
  readonly key: KeySeen;
  /** The suspended tenant that it is restored into. */
  readonly target: Sought<{ readonly tenantId: string; readonly cell: string }>;
  readonly job: JobSeen;
  readonly epochMs: number;
};
