import { statement } from '@driftbox/postgres';

/** Ids that the tenant knows but the drive has no row for: purged, or another drive's. */
export const loadElsewhere = statement({
  name: 'metadata.load-elsewhere',
  text: `SELECT entry_id, 'used' AS state FROM entries WHERE tenant = $1 AND drive_id <> $2 AND entry_id = ANY ($3::uuid[])
  UNION ALL
  SELECT entry_id, CASE WHEN drive_id = $2 THEN 'tombstone' ELSE 'used' END FROM tombstones WHERE tenant = $1
    AND entry_id = ANY ($3::uuid[])
  UNION ALL
  SELECT root_id, 'used' FROM drives WHERE tenant = $1 AND drive_id <> $2 AND root_id = ANY ($3::uuid[])`,
});
