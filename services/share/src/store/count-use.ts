import { statement } from '@driftbox/postgres';
import { linkColumns } from './link-row.ts';

/**
 * Counts a download, under the lock of the link's row: of many at once no more than the link allows find it as they need it. No row:
 * it is gone, expired at `$3` or used up.
 */
export const countDownload = statement({
  name: 'share.count-download',
  text: `UPDATE links SET downloads = downloads + 1, last_used_at = $3
  WHERE tenant = $1 AND link_id = $2 AND (expires_at IS NULL OR expires_at > $3)
    AND (max_downloads IS NULL OR downloads < max_downloads) RETURNING ${linkColumns}`,
});

/** Counts an upload. No row: the link is gone. */
export const countUpload = statement({
  name: 'share.count-upload',
  text: `UPDATE links SET uploads = uploads + 1, last_used_at = $3 WHERE tenant = $1 AND link_id = $2 RETURNING ${linkColumns}`,
});

/** Writes down what was used. */
export const insertUse = statement({
  name: 'share.insert-use',
  text: `INSERT INTO link_uses (tenant, use_id, link_id, kind, at, entry_id, rev, name, address, secret_hash, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
});
