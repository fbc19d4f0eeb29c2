import { parseDriveId, parseEntryId, parseUserId, type EntryId, type EntryRole, type Role } from '@driftbox/domain';
import type { Drive } from '@driftbox/protocol';
import { stored } from './store/entry-row.ts';
import type { DriveRow } from './store/lock-drive.ts';

/** A drive's row with what the asking user may do in it. */
export type AccessRow = DriveRow & { readonly role: Role };

/** The same of an entry: who was let in to it, or to a folder above it, may have no role on the drive. */
export type EntryAccessRow = DriveRow & {
  readonly role: Role | null;
  readonly entry_role: EntryRole | null;
  /** The topmost entry that they were let in to: what is above it is none of their business. */
  readonly entry_top: EntryId | null;
};

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
