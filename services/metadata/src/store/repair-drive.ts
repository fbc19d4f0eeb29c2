import { statement } from '@driftbox/postgres';

/** Brings a drive's lines to what its rows say. Sent behind the drive's lock. */
export const repairDrive = statement({
  name: 'metadata.repair-drive',
  text: `WITH RECURSIVE trashed AS (
    SELECT entry_id FROM entries WHERE tenant = $1 AND drive_id = $2 AND trashed_seq IS NOT NULL
    UNION SELECT e.entry_id FROM trashed t JOIN entries e ON e.tenant = $1 AND e.parent_id = t.entry_id
  ), newest AS (
    SELECT e.size_bytes, e.entry_id IN (SELECT entry_id FROM trashed) AS is_trashed FROM entries e
    WHERE e.tenant = $1 AND e.drive_id = $2 AND e.kind = 0
  ), summed AS (
    SELECT count(*) FILTER (WHERE NOT is_trashed) AS current_files,
      coalesce(sum(size_bytes) FILTER (WHERE NOT is_trashed), 0) AS current_bytes,
      count(*) FILTER (WHERE is_trashed) AS trash_files, coalesce(sum(size_bytes) FILTER (WHERE is_trashed), 0) AS trash_bytes
    FROM newest
  ), charged AS (
    SELECT count(*) AS files, coalesce(sum(r.size_bytes), 0) AS bytes FROM entries e
    JOIN revisions r ON r.tenant = $1 AND r.entry_id = e.entry_id AND r.kind = 0 AND r.charged
    WHERE e.tenant = $1 AND e.drive_id = $2 AND e.kind = 0
  )
  UPDATE drives d SET current_files = s.current_files, current_bytes = s.current_bytes,
    trash_files = s.trash_files, trash_bytes = s.trash_bytes,
    history_files = c.files - s.current_files - s.trash_files, history_bytes = c.bytes - s.current_bytes - s.trash_bytes
  FROM summed s, charged c WHERE d.tenant = $1 AND d.drive_id = $2`,
});
