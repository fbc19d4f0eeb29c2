import { statement } from '@driftbox/postgres';
import { revisionColumns } from './entry-row.ts';

/** What an entry was at a place in the journal ($4), with every folder above it as it was then, from the entry up. */
export const readPast = statement({
  name: 'metadata.read-past',
  text: `WITH RECURSIVE up AS (
    SELECT r.*, 0 AS step FROM (
      SELECT entry_id, parent_id, rev, trashed FROM revisions WHERE tenant = $1 AND drive_id = $2 AND entry_id = $3
        AND seq <= $4 ORDER BY rev DESC LIMIT 1
    ) r
    UNION ALL
    SELECT r.*, up.step + 1 FROM up CROSS JOIN LATERAL (
      SELECT v.entry_id, v.parent_id, v.rev, v.trashed FROM revisions v WHERE v.tenant = $1 AND v.drive_id = $2
        AND v.entry_id = up.parent_id AND v.seq <= $4
        AND NOT EXISTS (SELECT 1 FROM drives d WHERE d.tenant = $1 AND d.drive_id = $2 AND d.root_id = up.parent_id)
      ORDER BY v.rev DESC LIMIT 1
    ) r
  ) SELECT ${revisionColumns('r')}, up.step FROM up JOIN revisions r ON r.tenant = $1 AND r.entry_id = up.entry_id
    AND r.rev = up.rev ORDER BY up.step`,
});

/** The children a folder had at a place in the journal, by name, after a name. */
export const listPastChildren = statement({
  name: 'metadata.list-past-children',
  text: `SELECT ${revisionColumns('r')} FROM (SELECT DISTINCT entry_id FROM revisions WHERE tenant = $1 AND parent_id = $3
    AND seq <= $4) c
  CROSS JOIN LATERAL (SELECT v.* FROM revisions v WHERE v.tenant = $1 AND v.drive_id = $2 AND v.entry_id = c.entry_id
    AND v.seq <= $4 ORDER BY v.rev DESC LIMIT 1) r
  WHERE r.parent_id = $3 AND NOT r.trashed AND ($5::text IS NULL OR r.name > $5 COLLATE "C") ORDER BY r.name LIMIT $6`,
});
