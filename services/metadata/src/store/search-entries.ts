import { statement } from '@driftbox/postgres';
import { entryColumns } from './entry-row.ts';
import { subjectsOf } from './role-of.ts';

/** A page of search hits in the drives the user ($2) may read, with their paths; the rest is `find_entries`. */
export const searchEntries = statement({
  name: 'metadata.search-entries',
  text: `SELECT ${entryColumns('e')}, h.rank, h.search_name, (
    WITH RECURSIVE up AS (
      SELECT e.parent_id, e.name, 0 AS step
      UNION ALL
      SELECT p.parent_id, p.name, up.step + 1 FROM up JOIN entries p ON p.tenant = $1 AND p.entry_id = up.parent_id
    ) SELECT '/' || string_agg(name, '/' ORDER BY step DESC) FROM up
  ) AS path
  FROM find_entries(
    ARRAY(SELECT DISTINCT g.drive_id FROM grants g JOIN drives d ON d.tenant = $1 AND d.drive_id = g.drive_id
      WHERE g.tenant = $1 AND g.subject = ANY (${subjectsOf('$2')})
        AND ($3::uuid IS NULL OR g.drive_id = $3) AND ($4::uuid IS NULL OR d.owner = $4)),
    $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) h
  CROSS JOIN LATERAL (SELECT * FROM entries x WHERE x.tenant = $1 AND x.entry_id = h.entry_id LIMIT 1) e
  ORDER BY h.rank, h.search_name COLLATE "C", h.entry_id`,
});
