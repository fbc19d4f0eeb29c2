import { statement } from '@driftbox/postgres';

/** What the tree at and under each of these entries counts for; `kept` stops at trashed descendants (domain: SubtreeSums). */
export const loadSums = statement({
  name: 'metadata.load-sums',
  text: `WITH RECURSIVE below AS (
    SELECT e.entry_id AS root, e.entry_id, e.kind, e.size_bytes, true AS kept
    FROM entries e WHERE e.tenant = $1 AND e.drive_id = $2 AND e.entry_id = ANY ($3::uuid[])
    UNION ALL
    SELECT b.root, c.entry_id, c.kind, c.size_bytes, b.kept AND c.live FROM below b CROSS JOIN LATERAL (
      SELECT e.entry_id, e.kind, e.size_bytes, true AS live FROM entries e WHERE e.tenant = $1 AND e.parent_id = b.entry_id
        AND e.trashed_seq IS NULL
      UNION ALL
      SELECT e.entry_id, e.kind, e.size_bytes, false FROM entries e WHERE e.tenant = $1 AND e.parent_id = b.entry_id
        AND e.trashed_seq IS NOT NULL
    ) c WHERE b.kind = 1
  )
  SELECT b.root AS entry_id,
    count(*) FILTER (WHERE b.kind = 0 AND b.kept) AS kept_files, coalesce(sum(b.size_bytes) FILTER (WHERE b.kind = 0
      AND b.kept), 0)::bigint AS kept_bytes,
    count(*) FILTER (WHERE b.kind = 0) AS all_files, coalesce(sum(b.size_bytes) FILTER (WHERE b.kind = 0), 0)::bigint AS all_bytes,
    coalesce(sum(r.contents), 0)::bigint AS charged_files, coalesce(sum(r.bytes), 0)::bigint AS charged_bytes
  FROM below b LEFT JOIN LATERAL (
    SELECT count(*) AS contents, sum(v.size_bytes) AS bytes FROM revisions v WHERE v.tenant = $1 AND v.entry_id = b.entry_id AND v.charged
  ) r ON b.kind = 0
  GROUP BY b.root`,
});
