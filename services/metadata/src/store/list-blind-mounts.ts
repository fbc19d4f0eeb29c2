import { statement } from '@driftbox/postgres';
import { roleOf } from './role-of.ts';

/** Mounts of these drives ($2), or of any, in homes whose owners may not read what is mounted. */
export const listBlindMounts = statement({
  name: 'metadata.list-blind-mounts',
  text: `SELECT e.entry_id, e.rev, e.drive_id, h.owner, h.epoch, h.seq FROM entries e
  JOIN drives h ON h.tenant = $1 AND h.drive_id = e.drive_id AND h.kind = 'home' AND NOT h.locked
  WHERE e.tenant = $1 AND e.kind = 3 AND e.trashed_seq IS NULL AND ($2::uuid[] IS NULL OR e.mounted_drive = ANY ($2))
    AND ${roleOf('e.mounted_drive', 'h.owner')} IS NULL
  ORDER BY e.drive_id LIMIT $3`,
});
