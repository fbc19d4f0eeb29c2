-- How far each device says that it has come in each drive: for people to see. Closed by row-level security.

CREATE TABLE device_cursors (
  tenant uuid NOT NULL,
  device_id uuid NOT NULL,
  user_id uuid NOT NULL,
  drive_id uuid NOT NULL,
  drive_epoch uuid NOT NULL,
  seq bigint NOT NULL CHECK (seq >= 0),
  reported_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, device_id, drive_id)
) WITH (fillfactor = 80);
CREATE INDEX device_cursors_user ON device_cursors (tenant, user_id, device_id, drive_id);
CREATE INDEX device_cursors_age ON device_cursors (tenant, reported_at);

SELECT driftbox.isolate_tenant('device_cursors'::regclass);
