import { statement } from '@driftbox/postgres';

/** One row of `listCursors`. */
export type CursorRow = {
  readonly device_id: string;
  readonly drive_id: string;
  readonly drive_epoch: string;
  readonly seq: number;
  readonly reported_at: number;
};

/** The cursors of user `$2`'s devices, by device and drive, after device `$3` and drive `$4` when given, at most `$5`. */
export const listCursors = statement({
  name: 'sync.list-cursors',
  text: `SELECT device_id, drive_id, drive_epoch, seq, reported_at FROM device_cursors
    WHERE tenant = $1 AND user_id = $2 AND ($3::uuid IS NULL OR (device_id, drive_id) > ($3::uuid, $4::uuid))
    ORDER BY device_id, drive_id LIMIT $5`,
});
