import { statement } from '@driftbox/postgres';
import { entryColumns } from './entry-row.ts';

/** An entry and its ancestors, from the top down. */
export const readPath = statement({
  name: 'metadata.read-path',
  text: `WITH RECURSIVE up AS (
    SELECT entry_id, parent_id, name, 0 AS step FROM entries WHERE tenant = $1 AND drive_id = $2 AND entry_id = $3
    UNION ALL
    SELECT e.entry_id, e.parent_id, e.name, up.step + 1 FROM up JOIN entries e ON e.tenant = $1 AND e.entry_id = up.parent_id
  ) SELECT entry_id, name FROM up ORDER BY step DESC`,
});

/**
 * Walks live names down from the root, or from an entry ($4; itself the step 0, for whoever may read it); answers each entry met,
 * with how many names it took.
 */
export const walkPath = statement({
  name: 'metadata.walk-path',
  text: `WITH RECURSIVE walk AS (
    SELECT coalesce($4::uuid, root_id) AS entry_id, 0 AS step FROM drives WHERE tenant = $1 AND drive_id = $2
    UNION ALL
    SELECT e.entry_id, w.step + 1 FROM walk w
    JOIN entries e ON e.tenant = $1 AND e.parent_id = w.entry_id AND e.name = ($3::text[])[w.step + 1] COLLATE "C"
      AND e.trashed_seq IS NULL
  ) SELECT ${entryColumns('e')}, w.step FROM walk w JOIN entries e ON e.tenant = $1 AND e.drive_id = $2 AND e.entry_id = w.entry_id
    ORDER BY w.step`,
});
