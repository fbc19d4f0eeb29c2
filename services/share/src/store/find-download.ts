import type { EntryId } from '@driftbox/domain';
import { statement } from '@driftbox/postgres';

/** A download that was counted. */
export type DownloadRow = { readonly entryId: EntryId; readonly rev: number };

/** The download of link `$2` with this hash of a secret, unless it has expired at `$4`. */
export const findDownload = statement({
  name: 'share.find-download',
  text: `SELECT entry_id AS "entryId", rev FROM link_uses WHERE tenant = $1 AND link_id = $2 AND secret_hash = $3 AND expires_at > $4`,
});
