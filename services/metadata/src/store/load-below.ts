import { statement } from '@driftbox/postgres';

export type BelowRow = { readonly entry_id: string; readonly kind: number };

/** What lies under an entry ($3) or the root, in the trash or not: at most `$4` of it. */
export const loadBelow = statement({
  name: 'metadata.load-below',
  text: `WITH RECURSIVE below AS (
    SELECT c.entry_id, c.kind FROM entries c WHERE c.tenant = $1 AND c.drive_id = $2 AND c.parent_id = $3 AND c.trashed_seq IS NULL
    UNION ALL
    SELECT c.entry_id, c.kind FROM entries c WHERE c.tenant = $1 AND c.drive_id = $2 AND c.parent_id = $3 AND c.trashed_seq IS NOT NULL
    UNION ALL
    SELECT c.entry_id, c.kind FROM below b CROSS JOIN LATERAL (
      SELECT e.entry_id, e.kind FROM entries e WHERE e.tenant = $1 AND e.parent_id = b.entry_id AND e.trashed_seq IS NULL
      UNION ALL
      SELECT e.entry_id, e.kind FROM entries e WHERE e.tenant = $1 AND e.parent_id = b.entry_id AND e.trashed_seq IS NOT NULL
    ) c WHERE b.kind = 1
  ) SELECT entry_id, kind FROM below LIMIT $4`,
});
