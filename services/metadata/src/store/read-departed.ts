import { statement } from '@driftbox/postgres';
import { roleOf } from './role-of.ts';

/** What a drive remembers of an entry that left it; the target only where the user may read it. */
export type DepartedRow = {
  readonly entry_id: string;
  readonly drive_id: string;
  readonly parent_id: string;
  readonly name: string;
  readonly seq: number;
  readonly target_drive: string | null;
  readonly target_seq: number;
};

const columns = `d.entry_id, d.drive_id, d.parent_id, d.name, d.seq, d.target_seq,
    CASE WHEN ${roleOf('d.target_drive', '$4')} IS NOT NULL THEN d.target_drive END AS target_drive`;

/** The entry $5, if it stood at its last place in the drive when the journal was at $3. */
export const readDeparted = statement({
  name: 'metadata.read-departed',
  text: `SELECT ${columns} FROM departures d
  WHERE d.tenant = $1 AND d.drive_id = $2 AND d.entry_id = $5 AND d.parent_id IS NOT NULL AND d.since_seq <= $3 AND d.seq > $3`,
});

/** What stood in the folder $5 then and has left, by name, after a name. */
export const listDeparted = statement({
  name: 'metadata.list-departed',
  text: `SELECT ${columns} FROM departures d
  WHERE d.tenant = $1 AND d.drive_id = $2 AND d.parent_id = $5 AND d.since_seq <= $3 AND d.seq > $3
    AND ($6::text IS NULL OR d.name > $6 COLLATE "C") ORDER BY d.name LIMIT $7`,
});
