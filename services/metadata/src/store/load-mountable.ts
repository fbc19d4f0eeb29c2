import { statement } from '@driftbox/postgres';
import { roleOf } from './role-of.ts';

/** Which of these are shared drives that the user has a role on. */
export const loadMountable = statement({
  name: 'metadata.load-mountable',
  text: `SELECT d.drive_id FROM drives d
  WHERE d.tenant = $1 AND d.kind = 'shared' AND d.drive_id = ANY ($2::uuid[]) AND ${roleOf('d.drive_id', '$3')} IS NOT NULL`,
});
