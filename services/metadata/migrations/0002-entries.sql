-- Entries, revisions, the journal, tombstones. Codes: kind 0 file, 1 folder, 2 symlink, 3 mount; list_form 0 one chunk
-- (list_id is its digest), 1 inline (row in lists), 2 segmented (root in lists); action as in domain's changeActions.

CREATE TABLE entries (
  tenant uuid NOT NULL,
  entry_id uuid NOT NULL,
  drive_id uuid NOT NULL,
  parent_id uuid NOT NULL,
  modified_by uuid NOT NULL,
  seq bigint NOT NULL,
  size_bytes bigint,
  mtime_ms bigint,
  modified_at timestamptz NOT NULL,
  trashed_seq bigint,
  trashed_at timestamptz,
  rev integer NOT NULL,
  content_rev integer NOT NULL,
  place_rev integer NOT NULL,
  kind smallint NOT NULL,
  list_form smallint,
  executable boolean NOT NULL DEFAULT false,
  device uuid,
  trashed_by uuid,
  mounted_drive uuid,
  list_id bytea,
  name text COLLATE "C" NOT NULL,
  -- Lower case, without marks: what search compares.
  search_name text COLLATE "C" NOT NULL,
  target text,
  PRIMARY KEY (tenant, entry_id)
) PARTITION BY HASH (tenant);
SELECT driftbox.partition_by_tenant('entries', 'fillfactor = 90');
CREATE UNIQUE INDEX entries_place ON entries (tenant, parent_id, name) WHERE trashed_seq IS NULL;
CREATE INDEX entries_trashed_children ON entries (tenant, parent_id) WHERE trashed_seq IS NOT NULL;
CREATE INDEX entries_trash ON entries (tenant, drive_id, trashed_seq) WHERE trashed_seq IS NOT NULL;
-- The feed: the newest state of what changed after a place, older states superseded.
CREATE INDEX entries_feed ON entries (tenant, drive_id, seq);

CREATE TABLE revisions (
  tenant uuid NOT NULL,
  entry_id uuid NOT NULL,
  drive_id uuid NOT NULL,
  parent_id uuid NOT NULL,
  made_by uuid NOT NULL,
  seq bigint NOT NULL,
  size_bytes bigint,
  mtime_ms bigint,
  made_at timestamptz NOT NULL,
  rev integer NOT NULL,
  kind smallint NOT NULL,
  list_form smallint,
  executable boolean NOT NULL DEFAULT false,
  trashed boolean NOT NULL DEFAULT false,
  charged boolean NOT NULL DEFAULT false,
  device uuid,
  mounted_drive uuid,
  list_id bytea,
  name text COLLATE "C" NOT NULL,
  target text,
  PRIMARY KEY (tenant, entry_id, rev)
) PARTITION BY HASH (tenant);
SELECT driftbox.partition_by_tenant('revisions');
-- Possession: which lists does a drive retain?
CREATE INDEX revisions_lists ON revisions (tenant, drive_id, list_id) WHERE list_id IS NOT NULL;
-- Point in time: what was ever in a folder.
CREATE INDEX revisions_parent ON revisions (tenant, parent_id);

-- The journal, append-only. It answers repeated writes too: each committed operation is one change with its writeId.
-- Author and time are the revision's; only a purge, which leaves no revision, has them here.
CREATE TABLE changes (
  tenant uuid NOT NULL,
  drive_id uuid NOT NULL,
  seq bigint NOT NULL,
  entry_id uuid NOT NULL,
  write_id uuid NOT NULL,
  rev integer NOT NULL,
  action smallint NOT NULL,
  made_by uuid,
  device uuid,
  made_at timestamptz,
  PRIMARY KEY (tenant, drive_id, seq)
) PARTITION BY HASH (tenant);
SELECT driftbox.partition_by_tenant('changes');
CREATE UNIQUE INDEX changes_write ON changes (tenant, entry_id, write_id);

CREATE TABLE tombstones (
  tenant uuid NOT NULL,
  entry_id uuid NOT NULL,
  drive_id uuid NOT NULL,
  seq bigint NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, entry_id)
);
CREATE INDEX tombstones_feed ON tombstones (tenant, drive_id, seq, entry_id);

-- Commits that wrote something, so that upload can ask what became of one.
CREATE TABLE commits (
  tenant uuid NOT NULL,
  commit_id uuid NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, commit_id)
);
CREATE INDEX commits_age ON commits USING brin (made_at);

SELECT driftbox.isolate_tenant(t) FROM unnest(ARRAY['entries', 'revisions', 'changes', 'tombstones', 'commits']::regclass[]) t;
