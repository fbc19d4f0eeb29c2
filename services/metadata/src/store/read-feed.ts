import { statement } from '@driftbox/postgres';
import { entryColumns } from './entry-row.ts';
import { roleOf } from './role-of.ts';

/**
 * A page of the feed: what changed after (`$3`, `$4`), in order of (seq, entry), older states of an entry superseded by
 * its newest, as bare ids those that were purged or left for another drive (`target`, where the user `$6` may read it).
 * `live`: neither the entry nor anything above it is in the trash.
 */
export const readFeed = statement({
  name: 'metadata.read-feed',
  text: `WITH RECURSIVE page AS MATERIALIZED (
    (SELECT entry_id, seq, parent_id, trashed_seq, false AS gone, NULL::uuid AS target_drive, NULL::bigint AS target_seq FROM entries
      WHERE tenant = $1 AND drive_id = $2 AND seq >= $3 AND (seq, entry_id) > ($3, $4::uuid) ORDER BY seq, entry_id LIMIT $5)
    UNION ALL
    (SELECT entry_id, seq, NULL, NULL, true, NULL, NULL FROM tombstones
      WHERE tenant = $1 AND drive_id = $2 AND seq >= $3 AND (seq, entry_id) > ($3, $4::uuid) ORDER BY seq, entry_id LIMIT $5)
    UNION ALL
    (SELECT entry_id, seq, NULL, NULL, true, target_drive, target_seq FROM departures
      WHERE tenant = $1 AND drive_id = $2 AND parent_id IS NOT NULL AND seq >= $3 AND (seq, entry_id) > ($3, $4::uuid)
      ORDER BY seq, entry_id LIMIT $5)
    ORDER BY seq, entry_id LIMIT $5
  ), up AS (
    SELECT e.entry_id, e.parent_id, e.trashed_seq FROM entries e
      WHERE e.tenant = $1 AND e.entry_id IN (SELECT parent_id FROM page WHERE NOT gone AND trashed_seq IS NULL)
    UNION
    SELECT e.entry_id, e.parent_id, e.trashed_seq FROM up JOIN entries e ON e.tenant = $1 AND e.entry_id = up.parent_id
  ), dead AS (
    SELECT entry_id FROM up WHERE trashed_seq IS NOT NULL
    UNION
    SELECT up.entry_id FROM dead JOIN up ON up.parent_id = dead.entry_id
  )
  SELECT p.entry_id AS id, p.seq AS place, NOT p.gone AND p.trashed_seq IS NULL AND p.parent_id NOT IN (SELECT entry_id
    FROM dead) AS live, p.target_seq,
    CASE WHEN p.target_drive IS NOT NULL AND ${roleOf('p.target_drive', '$6')} IS NOT NULL THEN p.target_drive END AS target_drive,
    ${entryColumns('e')}
  FROM page p LEFT JOIN entries e ON e.tenant = $1 AND e.entry_id = p.entry_id AND NOT p.gone
  ORDER BY p.seq, p.entry_id`,
});
