import { statement } from '@driftbox/postgres';

/** Which of these are shared drives that the user holds a grant on. */
export const loadMountable = statement({
  name: 'metadata.load-mountable',
  text: `SELECT d.drive_id FROM drives d JOIN grants g ON g.tenant = $1 AND g.drive_id = d.drive_id AND g.subject = $3
  WHERE d.tenant = $1 AND d.kind = 'shared' AND d.drive_id = ANY ($2::uuid[])`,
});
