import { statement } from '@driftbox/postgres';

/** Everything that a drive holds of its owner's room: what is charged, its allowance and its uploads' reservations. */
export const readDriveHolding = statement({
  name: 'metadata.read-drive-holding',
  text: `SELECT d.current_bytes + d.history_bytes + d.trash_bytes + d.allowance_bytes
    + coalesce((SELECT sum(r.left_bytes) FROM reservations r WHERE r.tenant = $1 AND r.drive_id = $2), 0)::bigint AS bytes
  FROM drives d WHERE d.tenant = $1 AND d.drive_id = $2`,
});

/** Gives a drive to another owner. */
export const writeOwner = statement({
  name: 'metadata.write-owner',
  text: 'UPDATE drives SET owner = $3 WHERE tenant = $1 AND drive_id = $2',
});
