import { statement } from '@driftbox/postgres';
import { entryColumns } from './entry-row.ts';
import { subjectsOf } from './role-of.ts';

/**
 * A page of search hits in the drives that the user ($2) has a role on, and at and below the entries that they were let in to, with
 * their paths, which begin where they may read; the rest is `find_readable`.
 */
export const searchEntries = statement({
  name: 'metadata.search-entries',
  text: `WITH me AS MATERIALIZED (SELECT ${subjectsOf('$2')} AS subjects),
  readable AS MATERIALIZED (SELECT DISTINCT g.drive_id FROM me, grants g WHERE g.tenant = $1 AND g.subject = ANY (me.subjects)),
  granted AS MATERIALIZED (
    SELECT DISTINCT g.entry_id, e.drive_id FROM me, entry_grants g JOIN entries e ON e.tenant = $1 AND e.entry_id = g.entry_id
    WHERE g.tenant = $1 AND g.subject = ANY (me.subjects) AND e.drive_id NOT IN (SELECT drive_id FROM readable)
  )
  SELECT ${entryColumns('e')}, h.rank, h.search_name, (
    WITH RECURSIVE up AS (
      SELECT e.parent_id, e.name, 0 AS step
      UNION ALL
      SELECT p.parent_id, p.name, up.step + 1 FROM up JOIN entries p ON p.tenant = $1 AND p.entry_id = up.parent_id
      WHERE up.step < h.top_step
    ) SELECT '/' || string_agg(name, '/' ORDER BY step DESC) FROM up
  ) AS path
  FROM find_readable(
    ARRAY(SELECT d.drive_id FROM readable JOIN drives d ON d.tenant = $1 AND d.drive_id = readable.drive_id
      WHERE ($3::uuid IS NULL OR d.drive_id = $3) AND ($4::uuid IS NULL OR d.owner = $4)),
    ARRAY(SELECT DISTINCT d.drive_id FROM granted JOIN drives d ON d.tenant = $1 AND d.drive_id = granted.drive_id
      WHERE ($3::uuid IS NULL OR d.drive_id = $3) AND ($4::uuid IS NULL OR d.owner = $4)),
    ARRAY(SELECT entry_id FROM granted),
    $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) h
  CROSS JOIN LATERAL (SELECT * FROM entries x WHERE x.tenant = $1 AND x.entry_id = h.entry_id LIMIT 1) e
  ORDER BY h.rank, h.search_name COLLATE "C", h.entry_id`,
});
