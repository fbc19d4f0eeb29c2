import { statement } from '@driftbox/postgres';

/**
 * What devices `$2` of users `$3` say of drives `$4`: epoch `$5`, seq `$6`, at `$7`. A report that is older than the one
 * there changes nothing. Reports that nobody has renewed for half a year go, a few at a time.
 */
export const writeCursors = statement({
  name: 'sync.write-cursors',
  text: `WITH stale AS (DELETE FROM device_cursors WHERE (tenant, device_id, drive_id) IN (
      SELECT tenant, device_id, drive_id FROM device_cursors WHERE tenant = $1 AND reported_at < now() - interval '180 days'
        AND device_id <> ALL ($2) LIMIT 100))
    INSERT INTO device_cursors AS kept (tenant, device_id, user_id, drive_id, drive_epoch, seq, reported_at)
    SELECT $1, r.device_id, r.user_id, r.drive_id, r.drive_epoch, r.seq, r.reported_at
      FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::timestamptz[])
        AS r (device_id, user_id, drive_id, drive_epoch, seq, reported_at)
    ON CONFLICT (tenant, device_id, drive_id) DO UPDATE
      SET user_id = excluded.user_id, drive_epoch = excluded.drive_epoch, seq = excluded.seq, reported_at = excluded.reported_at
      WHERE kept.reported_at <= excluded.reported_at`,
});
