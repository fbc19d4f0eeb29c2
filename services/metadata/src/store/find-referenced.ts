import { statement } from '@driftbox/postgres';

/**
 * Which chunks a retained revision of any drive references: as its one chunk, in its inline list, or in a segment under its
 * root. A list that no revision names any more, and that merely waits to be dropped, references nothing.
 */
export const findReferenced = statement({
  name: 'metadata.find-referenced',
  text: `SELECT encode(a.digest, 'hex') AS digest FROM (SELECT DISTINCT decode(unnest($2::text[]), 'hex') AS digest) a
  WHERE EXISTS (SELECT 1 FROM revisions r WHERE r.tenant = $1 AND r.list_id = a.digest AND r.list_form = 0)
    OR EXISTS (SELECT 1 FROM list_members m JOIN revisions r ON r.tenant = $1 AND r.list_id = m.list_id AND r.list_form = 1
      WHERE m.tenant = $1 AND m.digest = a.digest)
    OR EXISTS (SELECT 1 FROM list_members s JOIN list_members m ON m.tenant = $1 AND m.digest = s.list_id
      JOIN revisions r ON r.tenant = $1 AND r.list_id = m.list_id AND r.list_form = 2
      WHERE s.tenant = $1 AND s.digest = a.digest)`,
});
