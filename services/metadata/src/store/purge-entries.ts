import { statement } from '@driftbox/postgres';

/** Removes entries (`$3`, purged by the changes `$4`) with everything under them; a tombstone of each id stays. */
export const purgeEntries = statement({
  name: 'metadata.purge-entries',
  text: `WITH RECURSIVE below AS (
    SELECT e.entry_id, p.seq FROM unnest($3::uuid[], $4::bigint[]) AS p (entry_id, seq)
    JOIN entries e ON e.tenant = $1 AND e.entry_id = p.entry_id AND e.drive_id = $2
    UNION ALL
    SELECT c.entry_id, b.seq FROM below b CROSS JOIN LATERAL (
      SELECT e.entry_id FROM entries e WHERE e.tenant = $1 AND e.parent_id = b.entry_id AND e.trashed_seq IS NULL
      UNION ALL
      SELECT e.entry_id FROM entries e WHERE e.tenant = $1 AND e.parent_id = b.entry_id AND e.trashed_seq IS NOT NULL
    ) c
  ), buried AS (
    INSERT INTO tombstones (tenant, entry_id, drive_id, seq) SELECT $1, entry_id, $2, min(seq)
      FROM below GROUP BY entry_id ON CONFLICT DO NOTHING
  ), forgotten AS (
    DELETE FROM revisions WHERE tenant = $1 AND entry_id IN (SELECT entry_id FROM below)
  )
  DELETE FROM entries WHERE tenant = $1 AND entry_id IN (SELECT entry_id FROM below)`,
});
