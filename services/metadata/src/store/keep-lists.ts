import { statement } from '@driftbox/postgres';

/** Stores lists, segments or roots once per tenant; one that is there already is marked as young, so that no sweep takes it now. */
export const keepLists = statement({
  name: 'metadata.keep-lists',
  text: `INSERT INTO lists (tenant, list_id, form, encoded)
  SELECT $1, decode(list_id, 'hex'), form, decode(encoded, 'hex') FROM unnest($2::text[], $3::smallint[], $4::text[]) AS l (list_id,
    form, encoded)
  ORDER BY list_id ON CONFLICT (tenant, list_id) DO UPDATE SET made_at = now()`,
});

/** The inverted index of those lists. */
export const keepListMembers = statement({
  name: 'metadata.keep-list-members',
  text: `INSERT INTO list_members (tenant, digest, list_id)
  SELECT $1, decode(digest, 'hex'), decode(list_id, 'hex') FROM unnest($2::text[], $3::text[]) AS m (digest, list_id)
  ORDER BY digest, list_id ON CONFLICT DO NOTHING`,
});

/** Marks stored lists as young, because a revision is about to name them. */
export const touchLists = statement({
  name: 'metadata.touch-lists',
  text: `UPDATE lists SET made_at = now() WHERE tenant = $1 AND list_id = ANY (ARRAY(SELECT decode(unnest($2::text[]), 'hex')))`,
});
