import { statement } from '@driftbox/postgres';

/** A device that is held. Times are milliseconds. */
export type HeldRow = {
  readonly device: string;
  readonly user_id: string;
  readonly drive_id: string;
  readonly held_at: number;
  readonly since: number;
  readonly lost_files: number;
  readonly limit_files: number;
};

/** Keeps what a device took away in a drive. */
export const keepActivity = statement({
  name: 'metadata.keep-activity',
  text: `INSERT INTO device_activity (tenant, device, drive_id, since, since_seq, drive_files, lost_files, touched_at)
  VALUES ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, $6, $7, to_timestamp($8::float8 / 1000))
  ON CONFLICT (tenant, device, drive_id) DO UPDATE SET since = excluded.since, since_seq = excluded.since_seq,
    drive_files = excluded.drive_files, lost_files = excluded.lost_files, touched_at = excluded.touched_at`,
});

/** How many live files below these folders got their content after a change ($3), or have none. */
export const freshBelow = statement({
  name: 'metadata.fresh-below',
  text: `WITH RECURSIVE below AS (
    SELECT e.entry_id, e.kind, e.seq, e.rev = e.content_rev AS written, e.size_bytes FROM entries e
      WHERE e.tenant = $1 AND e.parent_id = ANY ($2::uuid[]) AND e.trashed_seq IS NULL
    UNION ALL
    SELECT e.entry_id, e.kind, e.seq, e.rev = e.content_rev, e.size_bytes FROM below b JOIN entries e ON e.tenant = $1
      AND e.parent_id = b.entry_id AND e.trashed_seq IS NULL WHERE b.kind = 1
  )
  SELECT count(*) AS files FROM below WHERE kind = 0 AND (size_bytes = 0 OR written AND seq > $3)`,
});

/** Holds a device, unless it is held already. */
export const holdDevice = statement({
  name: 'metadata.hold-device',
  text: `INSERT INTO brakes AS b (tenant, device, user_id, drive_id, held, held_at, since, lost_files, limit_files)
  VALUES ($1, $2, $3, $4, true, now(), to_timestamp($5::float8 / 1000), $6, $7)
  ON CONFLICT (tenant, device) DO UPDATE SET user_id = excluded.user_id, drive_id = excluded.drive_id, held = true,
    held_at = excluded.held_at, since = excluded.since, lost_files = excluded.lost_files, limit_files = excluded.limit_files,
    free_until = NULL
  WHERE NOT b.held`,
});

/** The devices that are held, of one user ($2) or of all (null), after a device. */
export const listHeld = statement({
  name: 'metadata.list-held',
  text: `SELECT device, user_id, drive_id, held_at, since, lost_files, limit_files FROM brakes
  WHERE tenant = $1 AND held AND ($2::uuid IS NULL OR user_id = $2) AND ($3::uuid IS NULL OR device > $3) ORDER BY device LIMIT $4`,
});

/** Lets a held device of this user ($3; null: of anybody) go on for a window of the tenant's brake without being counted. */
export const releaseDevice = statement({
  name: 'metadata.release-device',
  text: `WITH freed AS (
    UPDATE brakes SET held = false, free_until = now() + make_interval(mins => coalesce(
      (SELECT (intent->'brake'->>'windowMinutes')::integer FROM tenants WHERE tenant = $1), 60))
    WHERE tenant = $1 AND device = $2 AND held AND ($3::uuid IS NULL OR user_id = $3) RETURNING device, free_until
  ), forgotten AS (
    DELETE FROM device_activity a USING freed f WHERE a.tenant = $1 AND a.device = f.device
  )
  SELECT free_until FROM freed`,
});

/** Forgets what devices did long ago. */
export const dropActivity = statement({
  name: 'metadata.drop-activity',
  text: `DELETE FROM device_activity WHERE tenant = $1 AND (device, drive_id) IN (SELECT device, drive_id FROM device_activity
    WHERE tenant = $1 AND since < now() - interval '2 days' LIMIT $2)`,
});
