import { statement } from '@driftbox/postgres';
import { entryColumns } from './entry-row.ts';

/** Named entries of a drive and every ancestor of each, in the trash or not. */
export const loadEntries = statement({
  name: 'metadata.load-entries',
  text: `WITH RECURSIVE up AS (
    SELECT entry_id, parent_id FROM entries WHERE tenant = $1 AND drive_id = $2 AND entry_id = ANY ($3::uuid[])
    UNION
    SELECT e.entry_id, e.parent_id FROM up JOIN entries e ON e.tenant = $1 AND e.entry_id = up.parent_id
  )
  SELECT ${entryColumns('e')} FROM up JOIN entries e ON e.tenant = $1 AND e.entry_id = up.entry_id`,
});
