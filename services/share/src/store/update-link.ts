import { statement } from '@driftbox/postgres';
import { linkColumns } from './link-row.ts';

/** Sets a link's terms, all of them. */
export const updateLink = statement({
  name: 'share.update-link',
  text: `UPDATE links SET password_hash = $3, expires_at = $4, max_downloads = $5, notify_on_use = $6
  WHERE tenant = $1 AND link_id = $2 RETURNING ${linkColumns}`,
});

/** Ends a link; its uses go with it. */
export const deleteLink = statement({
  name: 'share.delete-link',
  text: 'DELETE FROM links WHERE tenant = $1 AND link_id = $2',
});
