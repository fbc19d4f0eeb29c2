import { statement } from '@driftbox/postgres';

/** Segments and roots that the drive retains, or that this upload ($4) brought to it. */
export const readSegments = statement({
  name: 'metadata.read-segments',
  text: `SELECT encode(l.list_id, 'hex') AS digest, l.encoded FROM lists l
  WHERE l.tenant = $1 AND l.form > 1 AND l.list_id = ANY (ARRAY(SELECT decode(unnest($3::text[]), 'hex')))
    AND (EXISTS (SELECT 1 FROM revisions r WHERE r.tenant = $1 AND r.drive_id = $2 AND r.list_id = l.list_id AND r.list_form = 2)
      OR EXISTS (SELECT 1 FROM list_members m JOIN revisions r ON r.tenant = $1 AND r.drive_id = $2 AND r.list_id = m.list_id
        AND r.list_form = 2
        WHERE m.tenant = $1 AND m.digest = l.list_id)
      OR EXISTS (SELECT 1 FROM provisional_lists p WHERE p.tenant = $1 AND p.upload_id = $4::uuid AND p.list_id = l.list_id
        AND p.drive_id = $2))`,
});

/** Notes which upload brought these lists, and until when they stay without a commit. */
export const keepProvisional = statement({
  name: 'metadata.keep-provisional',
  text: `INSERT INTO provisional_lists (tenant, upload_id, list_id, drive_id, expires_at)
  SELECT $1, $3, decode(list_id, 'hex'), $2, now() + interval '3 days' FROM unnest($4::text[]) AS l (list_id) ORDER BY list_id
  ON CONFLICT (tenant, upload_id, list_id) DO UPDATE SET expires_at = excluded.expires_at`,
});
