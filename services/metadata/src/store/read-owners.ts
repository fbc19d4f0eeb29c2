import { statement } from '@driftbox/postgres';

/** Who owns each of these drives. */
export const readOwners = statement({
  name: 'metadata.read-owners',
  text: 'SELECT drive_id, owner FROM drives WHERE tenant = $1 AND drive_id = ANY ($2::uuid[])',
});
