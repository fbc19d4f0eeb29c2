-- Links for people without an account. What a link leads to is metadata's; here is who made it and on what terms. A revoked one
-- is gone. Every table is closed by row-level security.
CREATE TABLE links (
  tenant uuid NOT NULL,
  link_id uuid NOT NULL,
  -- SHA-256 of the secret in its URL, which is nowhere.
  token_hash bytea NOT NULL,
  drive_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('file', 'folder')),
  role text NOT NULL CHECK (role IN ('viewer', 'uploader')),
  creator uuid NOT NULL,
  -- argon2id, as a PHC string.
  password_hash text,
  expires_at timestamptz,
  max_downloads bigint CHECK (max_downloads > 0),
  notify_on_use boolean NOT NULL,
  downloads bigint NOT NULL DEFAULT 0,
  uploads bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  PRIMARY KEY (tenant, link_id)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX links_token ON links (tenant, token_hash);
CREATE INDEX links_creator ON links (tenant, creator, link_id);
CREATE INDEX links_drive ON links (tenant, drive_id, link_id);

-- What was done through links. A download can be read again, by its own secret, until it expires.
CREATE TABLE link_uses (
  tenant uuid NOT NULL,
  use_id uuid NOT NULL,
  link_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('download', 'archive', 'upload')),
  at timestamptz NOT NULL,
  entry_id uuid NOT NULL,
  rev integer,
  name text NOT NULL,
  address text NOT NULL,
  secret_hash bytea,
  expires_at timestamptz,
  PRIMARY KEY (tenant, use_id),
  FOREIGN KEY (tenant, link_id) REFERENCES links (tenant, link_id) ON DELETE CASCADE
);
CREATE INDEX link_uses_link ON link_uses (tenant, link_id, use_id);
CREATE UNIQUE INDEX link_uses_secret ON link_uses (tenant, secret_hash) WHERE secret_hash IS NOT NULL;
CREATE INDEX link_uses_age ON link_uses (tenant, at);

-- Passwords tried, by hashed key (link and address, link) within a window.
CREATE TABLE link_attempts (
  tenant uuid NOT NULL,
  key bytea NOT NULL,
  attempts integer NOT NULL,
  window_ends_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, key)
);
CREATE INDEX link_attempts_window ON link_attempts (tenant, window_ends_at);

SELECT driftbox.isolate_tenant(t) FROM unnest(ARRAY['links', 'link_uses', 'link_attempts']::regclass[]) t;
