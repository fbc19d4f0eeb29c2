-- Tenants, people, drives, grants and what drives may grow by. Every table is closed by row-level security.

CREATE TABLE tenants (
  tenant uuid PRIMARY KEY,
  name text NOT NULL,
  suspended boolean NOT NULL DEFAULT false,
  logical_bytes bigint NOT NULL,
  user_bytes bigint NOT NULL,
  file_bytes bigint NOT NULL,
  files bigint NOT NULL,
  history_days integer NOT NULL,
  trash_days integer NOT NULL
);

-- A copy from the accounts' events; `version` is the newest event's time, so that late ones change nothing.
CREATE TABLE users (
  tenant uuid NOT NULL,
  user_id uuid NOT NULL,
  name text NOT NULL,
  email text,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'removed')),
  version timestamptz NOT NULL,
  PRIMARY KEY (tenant, user_id)
);

CREATE TABLE drives (
  tenant uuid NOT NULL,
  drive_id uuid NOT NULL,
  root_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('home', 'shared')),
  owner uuid NOT NULL,
  name text NOT NULL,
  epoch uuid NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  -- Cursors before this place are refused: tombstones at and before it are gone.
  horizon_seq bigint NOT NULL DEFAULT 0,
  locked boolean NOT NULL DEFAULT false,
  current_files bigint NOT NULL DEFAULT 0,
  current_bytes bigint NOT NULL DEFAULT 0,
  history_files bigint NOT NULL DEFAULT 0,
  history_bytes bigint NOT NULL DEFAULT 0,
  trash_files bigint NOT NULL DEFAULT 0,
  trash_bytes bigint NOT NULL DEFAULT 0,
  -- Bytes leased from tenant and owner that commits without a reservation may use.
  allowance_bytes bigint NOT NULL DEFAULT 0 CHECK (allowance_bytes >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, drive_id),
  CHECK (least(current_files, current_bytes, history_files, history_bytes, trash_files, trash_bytes) >= 0)
) WITH (fillfactor = 50);
-- One home drive for each user, however many ask at once.
CREATE UNIQUE INDEX drives_home ON drives (tenant, owner) WHERE kind = 'home';
CREATE INDEX drives_owner ON drives (tenant, owner);

CREATE TABLE grants (
  tenant uuid NOT NULL,
  drive_id uuid NOT NULL,
  subject uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'editor', 'manager', 'owner')),
  granted_by uuid NOT NULL,
  granted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, drive_id, subject)
);
CREATE INDEX grants_subject ON grants (tenant, subject);

-- What a user, or the tenant (holder_id = tenant), may not use twice: the charged bytes, allowances and reservations
-- of all its drives. A lease or reservation adds here first; a commit only moves bytes between the three.
CREATE TABLE holdings (
  tenant uuid NOT NULL,
  holder_id uuid NOT NULL,
  held_bytes bigint NOT NULL DEFAULT 0 CHECK (held_bytes >= 0),
  PRIMARY KEY (tenant, holder_id)
) WITH (fillfactor = 50);

CREATE TABLE reservations (
  tenant uuid NOT NULL,
  drive_id uuid NOT NULL,
  upload_id uuid NOT NULL,
  size_bytes bigint NOT NULL,
  left_bytes bigint NOT NULL CHECK (left_bytes >= 0),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, drive_id, upload_id)
);
CREATE INDEX reservations_expiry ON reservations (tenant, expires_at);

SELECT driftbox.isolate_tenant(t) FROM unnest(ARRAY['tenants', 'users', 'drives', 'grants', 'holdings', 'reservations']::regclass[]) t;
