import { statement } from '@driftbox/postgres';
import { linkColumns } from './link-row.ts';

/** Sets a link's terms, all of them. */
export const updateLink = statement({
  name: 'share.update-link',
  text: `UPDATE links SET password_hash = $3, expires_at = $4, max_downloads = $5, notify_on_use = $6
  WHERE tenant = $1 AND link_id = $2 RETURNING ${linkColumns}`,
});

/** The link's entry is in another drive ($4) than it was ($3). */
export const moveLink = statement({
  name: 'share.move-link',
  text: 'UPDATE links SET drive_id = $4 WHERE tenant = $1 AND link_id = $2 AND drive_id = $3',
});

/** Ends a link; its uses go with it. */
export const deleteLink = statement({
  name: 'share.delete-link',
  text: 'DELETE FROM links WHERE tenant = $1 AND link_id = $2',
});
