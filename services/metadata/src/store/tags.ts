import { statement } from '@driftbox/postgres';

/** A tag of an entry. */
export type TagRow = { readonly tag: string; readonly value: string | null; readonly set_by: string; readonly set_at: number };

/** The tags of an entry by name; whether they may be seen is the caller's to know. */
export const listTags = statement({
  name: 'metadata.list-tags',
  text: 'SELECT tag, value, set_by, set_at FROM entry_tags WHERE tenant = $1 AND entry_id = $2 ORDER BY tag_key',
});

/** Keeps a live entry, and with it its tags, as they are until the transaction ends; no row where it is not there. */
export const holdTagged = statement({
  name: 'metadata.hold-tagged',
  text: `SELECT 1 FROM entries WHERE tenant = $1 AND drive_id = $2 AND entry_id = $3 AND trashed_seq IS NULL FOR NO KEY UPDATE`,
});

/** Writes a tag of a held entry unless it has `$8` others. */
export const writeTag = statement({
  name: 'metadata.write-tag',
  text: `INSERT INTO entry_tags (tenant, entry_id, tag_key, tag, value_key, value, set_by) SELECT $1, $2, $3, $4, $5, $6, $7
    WHERE (SELECT count(*) FROM entry_tags WHERE tenant = $1 AND entry_id = $2 AND tag_key <> $3) < $8
  ON CONFLICT (tenant, entry_id, tag_key) DO UPDATE SET tag = $4, value_key = $5, value = $6, set_by = $7, set_at = now()
  RETURNING tag, value, set_by, set_at`,
});

export const dropTag = statement({
  name: 'metadata.drop-tag',
  text: 'DELETE FROM entry_tags WHERE tenant = $1 AND entry_id = $2 AND tag_key = $3',
});

/** Gives copies ($3) the tags of what they were made from ($2), as set by who copied ($4). */
export const copyTags = statement({
  name: 'metadata.copy-tags',
  text: `INSERT INTO entry_tags (tenant, entry_id, tag_key, tag, value_key, value, set_by)
  SELECT $1, c.copy, t.tag_key, t.tag, t.value_key, t.value, $4 FROM unnest($2::uuid[], $3::uuid[]) AS c (source, copy)
  JOIN entry_tags t ON t.tenant = $1 AND t.entry_id = c.source JOIN entries e ON e.tenant = $1 AND e.entry_id = c.copy
  ON CONFLICT (tenant, entry_id, tag_key) DO NOTHING`,
});
