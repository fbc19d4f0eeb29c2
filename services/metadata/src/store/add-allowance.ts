import { statement } from '@driftbox/postgres';

/** Lets a drive grow by so many bytes more (negative: less). */
export const addAllowance = statement({
  name: 'metadata.add-allowance',
  text: 'UPDATE drives SET allowance_bytes = allowance_bytes + $3 WHERE tenant = $1 AND drive_id = $2',
});
