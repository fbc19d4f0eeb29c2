import type { EntryId } from '@driftbox/domain';
import { statement } from '@driftbox/postgres';

export type MountRow = { readonly entry_id: EntryId; readonly rev: number };

/** The mounts of a drive ($3) in another ($2) that were not deleted. */
export const listMounts = statement({
  name: 'metadata.list-mounts',
  text: `SELECT entry_id, rev FROM entries
  WHERE tenant = $1 AND drive_id = $2 AND mounted_drive = $3 AND kind = 3 AND trashed_seq IS NULL ORDER BY entry_id LIMIT 1000`,
});

/** The newest revision that a drive's root had as a folder, 0 for none, and what its open uploads still hold. */
export const readRootRev = statement({
  name: 'metadata.read-root-rev',
  text: `SELECT coalesce((SELECT max(rev) FROM revisions WHERE tenant = $1 AND entry_id = $3), 0) AS rev,
    coalesce((SELECT sum(left_bytes) FROM reservations WHERE tenant = $1 AND drive_id = $2), 0)::bigint AS reserved`,
});

/** Ends a drive that nothing is in any more. */
export const removeDrive = statement({
  name: 'metadata.remove-drive',
  text: `WITH uploads AS (DELETE FROM reservations WHERE tenant = $1 AND drive_id = $2),
    lists AS (DELETE FROM provisional_lists WHERE tenant = $1 AND drive_id = $2),
    roles AS (DELETE FROM grants WHERE tenant = $1 AND drive_id = $2)
  DELETE FROM drives WHERE tenant = $1 AND drive_id = $2`,
});
