import { statement } from '@driftbox/postgres';
import { revisionColumns } from './entry-row.ts';
import { roleOf } from './role-of.ts';

/** Named revisions, those only that lie in a drive the actor ($5) may read. A drive left out ($2) is the commit's. */
export const loadRevisions = statement({
  name: 'metadata.load-revisions',
  text: `SELECT ${revisionColumns('r')} FROM unnest($2::uuid[], $3::uuid[], $4::integer[]) AS k (drive_id, entry_id, rev)
  JOIN revisions r ON r.tenant = $1 AND r.entry_id = k.entry_id AND r.rev = k.rev AND r.drive_id = k.drive_id
  WHERE ${roleOf('r.drive_id', '$5')} IS NOT NULL`,
});
