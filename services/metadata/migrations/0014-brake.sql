-- What a device took away in a drive since a window opened, with its first commit after the last. Counted under the lock of the drive's row.
CREATE TABLE device_activity (
  tenant uuid NOT NULL,
  drive_id uuid NOT NULL,
  -- The device; the user where a sign-in has none.
  device uuid NOT NULL,
  since timestamptz NOT NULL,
  since_seq bigint NOT NULL,
  drive_files bigint NOT NULL,
  lost_files bigint NOT NULL,
  -- When it first moved something or took something away in this window.
  touched_at timestamptz,
  PRIMARY KEY (tenant, device, drive_id)
) WITH (fillfactor = 50);
CREATE INDEX device_activity_age ON device_activity (tenant, since);

-- Devices that are held by the brake, and those that somebody has let go on (`held` is false) until `free_until`.
CREATE TABLE brakes (
  tenant uuid NOT NULL,
  device uuid NOT NULL,
  user_id uuid NOT NULL,
  drive_id uuid NOT NULL,
  held boolean NOT NULL,
  held_at timestamptz NOT NULL,
  -- Shortly before it began to move or take away in the window that ended with the hold: what undoing goes back to.
  since timestamptz NOT NULL,
  lost_files bigint NOT NULL,
  limit_files bigint NOT NULL,
  free_until timestamptz,
  PRIMARY KEY (tenant, device)
);

SELECT driftbox.isolate_tenant(t) FROM unnest(ARRAY['device_activity', 'brakes']::regclass[]) t;
