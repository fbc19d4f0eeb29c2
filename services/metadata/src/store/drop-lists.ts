import { statement } from '@driftbox/postgres';

/**
 * Of the next `$3` lists after `$2`: drops those that no revision, no list above them and no open upload names. Not the
 * young ones, which a commit may be about to name: a commit marks the list it names as young, so that one of the two
 * waits for the other and then sees what it did.
 */
export const dropLists = statement({
  name: 'metadata.drop-lists',
  text: `WITH examined AS MATERIALIZED (
    SELECT list_id FROM lists l WHERE l.tenant = $1 AND l.list_id > $2 ORDER BY l.list_id LIMIT $3
  ), gone AS (
    DELETE FROM lists l USING examined WHERE l.tenant = $1 AND l.list_id = examined.list_id AND l.made_at < now() - interval '4 days'
      AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.tenant = $1 AND r.list_id = l.list_id)
      AND NOT EXISTS (SELECT 1 FROM list_members m WHERE m.tenant = $1 AND m.digest = l.list_id)
      AND NOT EXISTS (SELECT 1 FROM provisional_lists p WHERE p.tenant = $1 AND p.list_id = l.list_id)
    RETURNING l.list_id
  ), members AS (
    DELETE FROM list_members m WHERE m.tenant = $1 AND m.list_id IN (SELECT list_id FROM gone)
  )
  SELECT (SELECT list_id FROM examined ORDER BY list_id DESC LIMIT 1) AS last, (SELECT count(*) FROM gone) AS dropped`,
});
