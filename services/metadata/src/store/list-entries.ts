import { statement } from '@driftbox/postgres';
import { entryColumns, revisionColumns, shownColumns } from './entry-row.ts';

/** The live children of a folder by name, after a name. */
export const listChildren = statement({
  name: 'metadata.list-children',
  text: `SELECT ${shownColumns('e')} FROM entries e
  WHERE e.tenant = $1 AND e.drive_id = $2 AND e.parent_id = $3 AND e.trashed_seq IS NULL AND ($4::text IS NULL OR e.name > $4 COLLATE "C")
  ORDER BY e.name LIMIT $5`,
});

/** Everything live below a folder, parents first: by depth, then by id; after a depth and an id. */
export const listDescendants = statement({
  name: 'metadata.list-descendants',
  text: `WITH RECURSIVE below AS (
    SELECT entry_id, kind, 1 AS depth FROM entries WHERE tenant = $1 AND drive_id = $2 AND parent_id = $3 AND trashed_seq IS NULL
    UNION ALL
    SELECT e.entry_id, e.kind, b.depth + 1 FROM below b JOIN entries e ON e.tenant = $1 AND e.parent_id = b.entry_id
      AND e.trashed_seq IS NULL WHERE b.kind = 1
  ), page AS (
    SELECT entry_id, depth FROM below WHERE $4::integer IS NULL OR (depth, entry_id) > ($4, $5::uuid) ORDER BY depth, entry_id LIMIT $6
  )
  SELECT ${shownColumns('e')}, p.depth FROM page p JOIN entries e ON e.tenant = $1 AND e.entry_id = p.entry_id
    ORDER BY p.depth, p.entry_id`,
});

/** The retained revisions of an entry, newest first, before a rev. */
export const listRevisions = statement({
  name: 'metadata.list-revisions',
  text: `SELECT ${revisionColumns('r')} FROM revisions r
  WHERE r.tenant = $1 AND r.drive_id = $2 AND r.entry_id = $3 AND ($4::integer IS NULL OR r.rev < $4) ORDER BY r.rev DESC LIMIT $5`,
});

/** What was deleted itself, newest first, after a place in the journal and an entry there. */
export const listTrash = statement({
  name: 'metadata.list-trash',
  text: `SELECT ${entryColumns('e')} FROM entries e
  WHERE e.tenant = $1 AND e.drive_id = $2 AND e.trashed_seq IS NOT NULL
    AND ($3::bigint IS NULL OR e.trashed_seq < $3 OR (e.trashed_seq = $3 AND e.entry_id > $4::uuid))
  ORDER BY e.trashed_seq DESC, e.entry_id LIMIT $5`,
});
