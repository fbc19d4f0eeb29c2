import { statement } from '@driftbox/postgres';
import { linkColumns } from './link-row.ts';

/** Links by id, after `$5`: of a creator `$2`, a drive `$3`, an entry `$4`, each where it is given. */
export const listLinks = statement({
  name: 'share.list-links',
  text: `SELECT ${linkColumns} FROM links
  WHERE tenant = $1 AND ($2::uuid IS NULL OR creator = $2) AND ($3::uuid IS NULL OR drive_id = $3)
    AND ($4::uuid IS NULL OR entry_id = $4) AND ($5::uuid IS NULL OR link_id > $5)
  ORDER BY link_id LIMIT $6`,
});
