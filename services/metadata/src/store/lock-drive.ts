import { statement } from '@driftbox/postgres';

/** The row of a drive, as every statement that reads drives answers it. */
export type DriveRow = {
  readonly drive_id: string;
  readonly root_id: string;
  readonly kind: 'home' | 'shared';
  readonly owner: string;
  readonly name: string;
  readonly epoch: string;
  readonly seq: number;
  readonly horizon_seq: number;
  readonly locked: boolean;
  readonly current_files: number;
  readonly current_bytes: number;
  readonly history_files: number;
  readonly history_bytes: number;
  readonly trash_files: number;
  readonly trash_bytes: number;
  readonly allowance_bytes: number;
  readonly allowance_files: number;
  readonly created_at: number;
};

/** Takes the drive's lock: everything sent after it on the same connection sees what earlier commits wrote. */
export const lockDrive = statement({
  name: 'metadata.lock-drive',
  text: `SELECT drive_id, root_id, kind, owner, name, epoch, seq, horizon_seq, locked, current_files, current_bytes, history_files,
    history_bytes,
    trash_files, trash_bytes, allowance_bytes, allowance_files, created_at
  FROM drives WHERE tenant = $1 AND drive_id = $2 FOR UPDATE`,
});
