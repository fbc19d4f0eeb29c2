import type { CommitId, DeviceId, DriveId, Outcome, TenantId, UploadId, UserId } from '@driftbox/domain';
import { Problem, type CheckedOperation } from '@driftbox/protocol';
import type { CommitContextRow } from './store/read-commit-context.ts';

/** A commit as it reaches metadata. `commitId` and `commitByMs` come together: later than that, by the database's clock, it is refused. */
export type CommitInput = {
  readonly tenantId: TenantId;
  readonly driveId: DriveId;
  readonly userId: UserId;
  readonly deviceId?: DeviceId | undefined;
  readonly commitId?: CommitId | undefined;
  readonly commitByMs?: number | undefined;
  readonly uploadId?: UploadId | undefined;
  readonly driveEpoch: string;
  /** Whose taking away the brake counts: the device, or the user where a sign-in has none. Without one nobody is held. */
  readonly watched?: DeviceId | UserId | undefined;
  readonly operations: readonly CheckedOperation[];
  readonly atomic: boolean;
  readonly signal?: AbortSignal | undefined;
};
/** Told, once a commit that changed something cannot be lost any more, how far its drive goes. Must not throw. */
export type OnCommitted = (tenantId: TenantId, head: { drive: DriveId; driveEpoch: string; seq: number }) => void;
export type CommitOutcome = { readonly outcomes: readonly Outcome[]; readonly seq: number };

/** A repeat of a commit that is known changes nothing and is answered from its writes, however late it comes. */
export function checkInTime(about: CommitContextRow, { commitByMs }: Pick<CommitInput, 'commitByMs'>): void {
  const late = commitByMs !== undefined && about.now_ms > commitByMs && !about.known;
  if (late) throw new Problem('unavailable', 'The commit came too late', { retryAfterSeconds: 1 });
}
