import { statement } from '@driftbox/postgres';

/** Entries changed after `$3`, at most `$4` of them, unless none of the entries `$5` (to be deleted) is a folder. */
export const loadSeen = statement({
  name: 'metadata.load-seen',
  text: `SELECT e.entry_id, e.seq FROM entries e WHERE e.tenant = $1 AND e.drive_id = $2 AND e.seq > $3
    AND EXISTS (SELECT 1 FROM entries f WHERE f.tenant = $1 AND f.drive_id = $2 AND f.entry_id = ANY ($5::uuid[]) AND f.kind = 1)
  ORDER BY e.seq LIMIT $4`,
});
