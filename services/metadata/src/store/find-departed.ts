import { statement } from '@driftbox/postgres';
import { roleOf } from './role-of.ts';

/** In which drive, that the user ($4) may read, an entry is now that was in this drive before. */
export const findDeparted = statement({
  name: 'metadata.find-departed',
  text: `SELECT now.drive_id FROM departures d CROSS JOIN LATERAL (
    SELECT e.drive_id FROM entries e WHERE e.tenant = $1 AND e.entry_id = d.entry_id
    UNION ALL
    SELECT r.drive_id FROM drives r WHERE r.tenant = $1 AND r.root_id = d.entry_id
  ) now
  WHERE d.tenant = $1 AND d.drive_id = $2 AND d.entry_id = $3 AND now.drive_id <> $2 AND ${roleOf('now.drive_id', '$4')} IS NOT NULL`,
});
