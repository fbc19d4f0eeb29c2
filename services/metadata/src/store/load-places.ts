import { statement } from '@driftbox/postgres';

/** Which untrashed child stands at each of these places. */
export const loadPlaces = statement({
  name: 'metadata.load-places',
  text: `SELECT e.parent_id, e.name, e.entry_id FROM unnest($2::uuid[], $3::text[]) AS p (parent_id, name)
  JOIN entries e ON e.tenant = $1 AND e.parent_id = p.parent_id AND e.name = p.name COLLATE "C" AND e.trashed_seq IS NULL`,
});

/** The same for the places that these entries' own rows name. */
export const loadOwnPlaces = statement({
  name: 'metadata.load-own-places',
  text: `SELECT e.parent_id, e.name, e.entry_id FROM entries own
  JOIN entries e ON e.tenant = $1 AND e.parent_id = own.parent_id AND e.name = own.name AND e.trashed_seq IS NULL
  WHERE own.tenant = $1 AND own.drive_id = $2 AND own.entry_id = ANY ($3::uuid[])`,
});
