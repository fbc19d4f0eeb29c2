import { statement } from '@driftbox/postgres';
import { linkColumns } from './link-row.ts';

/** The link with this hash of a token. */
export const findByToken = statement({
  name: 'share.find-link-by-token',
  text: `SELECT ${linkColumns} FROM links WHERE tenant = $1 AND token_hash = $2`,
});

/** The link with this id. */
export const findById = statement({
  name: 'share.find-link',
  text: `SELECT ${linkColumns} FROM links WHERE tenant = $1 AND link_id = $2`,
});

/** The same, held until the transaction ends. */
export const lockById = statement({
  name: 'share.lock-link',
  text: `SELECT ${linkColumns} FROM links WHERE tenant = $1 AND link_id = $2 FOR UPDATE`,
});
