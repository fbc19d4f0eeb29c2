import { statement } from '@driftbox/postgres';

/**
 * Which digests a retained revision of the drive references: as its one chunk or its root, as a chunk of its inline list
 * or a segment under its root, or as a chunk of such a segment. One index lookup each way, whatever the tenant holds.
 */
export const checkPossession = statement({
  name: 'metadata.check-possession',
  text: `SELECT encode(a.digest, 'hex') AS digest FROM (SELECT DISTINCT decode(unnest($3::text[]), 'hex') AS digest) a
  WHERE EXISTS (SELECT 1 FROM revisions r WHERE r.tenant = $1 AND r.drive_id = $2 AND r.list_id = a.digest AND r.list_form IN (0, 2))
    OR EXISTS (SELECT 1 FROM list_members m JOIN revisions r ON r.tenant = $1 AND r.drive_id = $2 AND r.list_id = m.list_id
      AND r.list_form > 0
      WHERE m.tenant = $1 AND m.digest = a.digest)
    OR EXISTS (SELECT 1 FROM list_members s JOIN list_members m ON m.tenant = $1 AND m.digest = s.list_id
      JOIN revisions r ON r.tenant = $1 AND r.drive_id = $2 AND r.list_id = m.list_id AND r.list_form = 2
      WHERE s.tenant = $1 AND s.digest = a.digest)`,
});
