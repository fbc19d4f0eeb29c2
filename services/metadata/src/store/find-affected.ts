import { statement } from '@driftbox/postgres';

/** Retained revisions that reference chunks: each way in which `find-referenced` finds one. */
export const findAffected = statement({
  name: 'metadata.find-affected',
  text: `WITH asked AS (SELECT DISTINCT decode(unnest($2::text[]), 'hex') AS digest), named AS (
    SELECT a.digest, a.digest AS list_id, 0 AS form FROM asked a
    UNION ALL SELECT a.digest, m.list_id, 1 FROM asked a JOIN list_members m ON m.tenant = $1 AND m.digest = a.digest
    UNION ALL SELECT a.digest, m.list_id, 2 FROM asked a JOIN list_members s ON s.tenant = $1 AND s.digest = a.digest
      JOIN list_members m ON m.tenant = $1 AND m.digest = s.list_id
  )
  SELECT encode(n.digest, 'hex') AS digest, r.drive_id AS drive, d.owner, r.entry_id AS "entryId", r.rev, r.name
  FROM named n JOIN revisions r ON r.tenant = $1 AND r.list_id = n.list_id AND r.list_form = n.form
  JOIN drives d ON d.tenant = $1 AND d.drive_id = r.drive_id ORDER BY 1, 2, 4, 5 LIMIT 1000`,
});
