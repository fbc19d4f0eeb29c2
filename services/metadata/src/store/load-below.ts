import { statement } from '@driftbox/postgres';

/** Something under a folder; `kept` unless it or a folder on the way is in the trash. */
export type BelowRow = { readonly entry_id: string; readonly kind: number; readonly size_bytes: number | null; readonly kept: boolean };

const children = (folder: string, kept: string): string => `SELECT c.entry_id, c.kind, c.size_bytes, ${kept} AS kept FROM entries c
      WHERE c.tenant = $1 AND c.parent_id = ${folder} AND c.trashed_seq IS NULL
    UNION ALL
    SELECT c.entry_id, c.kind, c.size_bytes, false FROM entries c
      WHERE c.tenant = $1 AND c.parent_id = ${folder} AND c.trashed_seq IS NOT NULL`;

/** What lies under an entry ($3) of a drive or its root, in the trash or not: at most `$4` of it. */
export const loadBelow = statement({
  name: 'metadata.load-below',
  text: `WITH RECURSIVE below AS (
    SELECT c.* FROM (${children('$3', 'true')}) c WHERE EXISTS (SELECT 1 FROM entries e WHERE e.tenant = $1 AND e.drive_id = $2
      AND e.entry_id = $3) OR EXISTS (SELECT 1 FROM drives d WHERE d.tenant = $1 AND d.drive_id = $2 AND d.root_id = $3)
    UNION ALL
    SELECT c.* FROM below b CROSS JOIN LATERAL (${children('b.entry_id', 'b.kept')}) c WHERE b.kind = 1
  ) SELECT entry_id, kind, size_bytes, kept FROM below LIMIT $4`,
});

/** How many contents these entries are charged for, in all revisions, and their bytes. */
export const loadCharged = statement({
  name: 'metadata.load-charged',
  text: `SELECT count(*) AS files, coalesce(sum(size_bytes), 0)::bigint AS bytes FROM revisions
  WHERE tenant = $1 AND entry_id = ANY ($2::uuid[]) AND charged`,
});
