import { statement } from '@driftbox/postgres';

/** The next chunks after `$2` that one-chunk revisions, inline lists and segments name. The members of a root are segments, no chunks. */
export const listReferenced = statement({
  name: 'metadata.list-referenced',
  text: `SELECT encode(digest, 'hex') AS digest FROM (
    (SELECT DISTINCT list_id AS digest FROM revisions WHERE tenant = $1 AND list_id > $2 AND list_id IS NOT NULL AND list_form = 0
      ORDER BY list_id LIMIT $3)
    UNION
    (SELECT DISTINCT m.digest FROM list_members m JOIN lists l ON l.tenant = $1 AND l.list_id = m.list_id AND l.form IN (1, 3)
      WHERE m.tenant = $1 AND m.digest > $2 ORDER BY m.digest LIMIT $3)
  ) named ORDER BY digest LIMIT $3`,
});
