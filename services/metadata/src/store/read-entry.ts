import { statement } from '@driftbox/postgres';
import { entryColumns, revisionColumns } from './entry-row.ts';

/** One entry of a drive, in the trash or not. */
export const readEntry = statement({
  name: 'metadata.read-entry',
  text: `SELECT ${entryColumns('e')} FROM entries e WHERE e.tenant = $1 AND e.drive_id = $2 AND e.entry_id = $3`,
});

/** One revision of an entry: the given one, else the newest. */
export const readRevision = statement({
  name: 'metadata.read-revision',
  text: `SELECT ${revisionColumns('r')} FROM revisions r WHERE r.tenant = $1 AND r.drive_id = $2 AND r.entry_id = $3
    AND ($4::integer IS NULL OR r.rev = $4)
  ORDER BY r.rev DESC LIMIT 1`,
});
