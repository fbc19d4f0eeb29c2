-- What left a drive for another, one row for each entry, so that whoever asks the old drive learns where it is. An entry
-- that was moved itself, not with the folder above it, has its old place too: it is told in the feed and in the past.
CREATE TABLE departures (
  tenant uuid NOT NULL,
  drive_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  -- The change that took it away, the drive that it went to, and the change there that brought it.
  seq bigint NOT NULL,
  target_drive uuid NOT NULL,
  target_seq bigint NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  parent_id uuid,
  -- The change that had put it there.
  since_seq bigint,
  name text COLLATE "C",
  PRIMARY KEY (tenant, entry_id, drive_id)
);
CREATE INDEX departures_feed ON departures (tenant, drive_id, seq, entry_id) WHERE parent_id IS NOT NULL;
CREATE INDEX departures_place ON departures (tenant, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX departures_age ON departures (tenant, made_at);
SELECT driftbox.isolate_tenant('departures');

-- All that arrives with a folder has one seq: a page of the feed may end among them.
CREATE INDEX entries_feed_order ON entries (tenant, drive_id, seq, entry_id);
DROP INDEX entries_feed;
