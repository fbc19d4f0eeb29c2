import { statement } from '@driftbox/postgres';

/** Gives a drive another name. */
export const renameDrive = statement({
  name: 'metadata.rename-drive',
  text: 'UPDATE drives SET name = $3 WHERE tenant = $1 AND drive_id = $2',
});
