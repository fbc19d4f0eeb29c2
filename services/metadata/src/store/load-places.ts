import { statement } from '@driftbox/postgres';

/** Which untrashed child stands at each of these places. */
export const loadPlaces = statement({
  name: 'metadata.load-places',
  // LATERAL ... LIMIT: one look into the index for each place, whatever the planner believes about how many there are.
  text: `SELECT e.parent_id, e.name, e.entry_id FROM unnest($2::uuid[], $3::text[]) AS p (parent_id, name)
  CROSS JOIN LATERAL (
    SELECT c.parent_id, c.name, c.entry_id FROM entries c
    WHERE c.tenant = $1 AND c.parent_id = p.parent_id AND c.name = p.name COLLATE "C" AND c.trashed_seq IS NULL LIMIT 1
  ) e`,
});

/** The same for the places that these entries' own rows name. */
export const loadOwnPlaces = statement({
  name: 'metadata.load-own-places',
  text: `SELECT e.parent_id, e.name, e.entry_id FROM entries own
  CROSS JOIN LATERAL (
    SELECT c.parent_id, c.name, c.entry_id FROM entries c
    WHERE c.tenant = $1 AND c.parent_id = own.parent_id AND c.name = own.name AND c.trashed_seq IS NULL LIMIT 1
  ) e
  WHERE own.tenant = $1 AND own.drive_id = $2 AND own.entry_id = ANY ($3::uuid[])`,
});
