-- Which tenants there are, for background work that goes from one to the next. Ids alone: no tenant's data.
CREATE TABLE known_tenants (
  tenant_id uuid PRIMARY KEY
);

-- The tenants' data keys: wrapped, one row per generation, never changed but re-wrapped.
CREATE TABLE data_keys (
  tenant uuid NOT NULL,
  generation integer NOT NULL CHECK (generation >= 1),
  -- The generation of the key-encryption key that wraps it now.
  key_generation integer NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, generation)
);

-- One object of the pool. live_bytes is what its frames that chunks point to take; the rest of size_bytes is dead.
CREATE TABLE packs (
  tenant uuid NOT NULL,
  pack_id uuid NOT NULL,
  generation integer NOT NULL,
  size_bytes bigint NOT NULL CHECK (size_bytes > 0),
  live_bytes bigint NOT NULL CHECK (live_bytes BETWEEN 0 AND size_bytes),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, pack_id)
);

-- Where each chunk lies: exactly one place per tenant. A condemned chunk counts as missing until it is proven again.
CREATE TABLE chunks (
  tenant uuid NOT NULL,
  pack_id uuid NOT NULL,
  offset_bytes bigint NOT NULL,
  length_bytes integer NOT NULL CHECK (length_bytes > 0),
  plain_bytes integer NOT NULL CHECK (plain_bytes BETWEEN 1 AND 8388608),
  frame_index integer NOT NULL,
  encoding smallint NOT NULL CHECK (encoding IN (0, 1)),
  condemned boolean NOT NULL DEFAULT false,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  PRIMARY KEY (tenant, digest)
) PARTITION BY HASH (tenant);
SELECT driftbox.partition_by_tenant('chunks');

-- What the pool holds for a tenant, kept in the transaction of each pack. Equals a recount of packs and chunks.
CREATE TABLE physical_ledger (
  tenant uuid PRIMARY KEY,
  pack_bytes bigint NOT NULL,
  live_bytes bigint NOT NULL,
  packs bigint NOT NULL,
  chunks bigint NOT NULL
);

-- A resumable transfer of one user to one drive.
CREATE TABLE uploads (
  tenant uuid NOT NULL,
  upload_id uuid NOT NULL,
  drive uuid NOT NULL,
  user_id uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, upload_id)
);
CREATE INDEX uploads_of_user ON uploads (tenant, drive, user_id);
CREATE INDEX uploads_by_expiry ON uploads (tenant, expires_at);

-- Bytes that this upload's user proved to its drive, and that no commit need have named yet.
CREATE TABLE proofs (
  tenant uuid NOT NULL,
  upload_id uuid NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  PRIMARY KEY (tenant, upload_id, digest)
);

-- Chunks that collection must leave alone: named by an open upload (until it expires), or by a commit on its way to
-- metadata (until metadata answered, or does not know it and expires_at, its commitBy, has passed).
CREATE TABLE pins (
  tenant uuid NOT NULL,
  holder uuid NOT NULL,
  part bytea NOT NULL,
  is_commit boolean NOT NULL,
  expires_at timestamptz NOT NULL,
  digests bytea[] NOT NULL,
  PRIMARY KEY (tenant, holder, part)
);
CREATE INDEX pins_by_expiry ON pins (tenant, expires_at);

SELECT driftbox.isolate_tenant('data_keys');
SELECT driftbox.isolate_tenant('packs');
SELECT driftbox.isolate_tenant('chunks');
SELECT driftbox.isolate_tenant('physical_ledger');
SELECT driftbox.isolate_tenant('uploads');
SELECT driftbox.isolate_tenant('proofs');
SELECT driftbox.isolate_tenant('pins');
