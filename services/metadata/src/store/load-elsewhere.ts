import { statement } from '@driftbox/postgres';
import { roleOf } from './role-of.ts';

/** `moved_to` only for what was in the drive before and is in another that the actor may read. */
export type ElsewhereRow = { readonly entry_id: string; readonly state: 'used' | 'tombstone'; readonly moved_to: string | null };

/** Ids that the tenant knows but the drive has no row for: purged, another drive's, or moved there from this one. */
export const loadElsewhere = statement({
  name: 'metadata.load-elsewhere',
  text: `SELECT u.entry_id, u.state, CASE WHEN u.drive_id IS NOT NULL
      AND EXISTS (SELECT 1 FROM departures d WHERE d.tenant = $1 AND d.drive_id = $2 AND d.entry_id = u.entry_id)
      AND ${roleOf('u.drive_id', '$4')} IS NOT NULL THEN u.drive_id END AS moved_to
  FROM (
    SELECT entry_id, 'used' AS state, drive_id FROM entries WHERE tenant = $1 AND drive_id <> $2 AND entry_id = ANY ($3::uuid[])
    UNION ALL
    SELECT entry_id, CASE WHEN drive_id = $2 THEN 'tombstone' ELSE 'used' END, NULL FROM tombstones WHERE tenant = $1
      AND entry_id = ANY ($3::uuid[])
    UNION ALL
    SELECT root_id, 'used', drive_id FROM drives WHERE tenant = $1 AND drive_id <> $2 AND root_id = ANY ($3::uuid[])
  ) u`,
});
