import { parseDriveId, parseEntryId, type Drive } from '@driftbox/domain';
import { stored } from './store/entry-row.ts';
import type { DriveRow } from './store/lock-drive.ts';

/** A drive's row as the commit rule sees it. */
export function driveOf(row: DriveRow): Drive {
  return {
    driveId: stored(parseDriveId, row.drive_id),
    rootId: stored(parseEntryId, row.root_id),
    kind: row.kind,
    epoch: row.epoch,
    seq: row.seq,
    locked: row.locked,
    ledger: {
      current: { files: row.current_files, bytes: row.current_bytes },
      history: { files: row.history_files, bytes: row.history_bytes },
      trash: { files: row.trash_files, bytes: row.trash_bytes },
    },
  };
}
