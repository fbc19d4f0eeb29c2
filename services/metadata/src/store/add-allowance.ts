import { statement } from '@driftbox/postgres';

/** Lets a drive grow by so many bytes and files more (negative: less). */
export const addAllowance = statement({
  name: 'metadata.add-allowance',
  text: `UPDATE drives SET allowance_bytes = allowance_bytes + $3, allowance_files = allowance_files + $4
  WHERE tenant = $1 AND drive_id = $2`,
});
