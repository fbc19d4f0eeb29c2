import { emptyState, type CommitDone } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { applyCommit } from './apply-commit.ts';
import { driveOf } from './drive.ts';
import type { DriveRow } from './store/lock-drive.ts';

/** Writes one side of what moved between drives, as any commit is written. Allowances and reservations stay where they are. */
export function applyMoved(tx: Transaction, drive: DriveRow, done: CommitDone, commitId: string | undefined): void {
  const { allowance_bytes: allowanceBytes, allowance_files: allowanceFiles } = drive;
  applyCommit(tx, emptyState(driveOf(drive)), done, commitId, { uploadId: undefined, leftBytes: 0, allowanceBytes, allowanceFiles });
}
