import { parseDriveId, parseEntryId, parseUserId, type Role } from '@driftbox/domain';
import type { Drive } from '@driftbox/protocol';
import { stored } from './store/entry-row.ts';
import type { DriveRow } from './store/lock-drive.ts';

/** A drive's row with what the asking user may do in it. */
export type AccessRow = DriveRow & { readonly role: Role };

/** A drive on the wire. */
export function presentDrive(row: AccessRow): Drive {
  return {
    drive: stored(parseDriveId, row.drive_id),
    rootId: stored(parseEntryId, row.root_id),
    name: row.name,
    kind: row.kind,
    owner: stored(parseUserId, row.owner),
    role: row.role,
    driveEpoch: row.epoch,
    seq: row.seq,
    createdAt: new Date(row.created_at).toISOString(),
  };
}
