import { statement } from '@driftbox/postgres';

/** What stands behind list ids that came without chunks: lists that this drive retains or that this upload brought. */
export const loadKnownLists = statement({
  name: 'metadata.load-known-lists',
  text: `SELECT encode(k.list_id, 'hex') AS list_id, r.list_form, r.size_bytes, l.form, l.encoded
    FROM (SELECT decode(unnest($3::text[]), 'hex') AS list_id) k
  LEFT JOIN LATERAL (
    SELECT v.list_form, v.size_bytes FROM revisions v WHERE v.tenant = $1 AND v.drive_id = $2 AND v.list_id = k.list_id
      ORDER BY v.list_form DESC LIMIT 1
  ) r ON true
  LEFT JOIN lists l ON l.tenant = $1 AND l.list_id = k.list_id AND (r.list_form > 0
    OR EXISTS (SELECT 1 FROM provisional_lists p WHERE p.tenant = $1 AND p.upload_id = $4 AND p.list_id = k.list_id AND p.drive_id = $2))
  WHERE r.list_form IS NOT NULL OR l.form IS NOT NULL`,
});
