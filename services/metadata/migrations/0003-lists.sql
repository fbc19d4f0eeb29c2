-- Chunk lists, once per tenant. A one-chunk list has no row. form: 1 inline list, 2 root of segments, 3 segment.
CREATE TABLE lists (
  tenant uuid NOT NULL,
  list_id bytea NOT NULL,
  form smallint NOT NULL,
  encoded bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, list_id)
);

-- The inverted index: chunk -> inline list or segment; segment -> root.
CREATE TABLE list_members (
  tenant uuid NOT NULL,
  digest bytea NOT NULL,
  list_id bytea NOT NULL,
  PRIMARY KEY (tenant, digest, list_id)
) PARTITION BY HASH (tenant);
SELECT driftbox.partition_by_tenant('list_members');
CREATE INDEX list_members_list ON list_members (tenant, list_id);

-- Segments and roots that an open upload brought and no commit uses yet.
CREATE TABLE provisional_lists (
  tenant uuid NOT NULL,
  upload_id uuid NOT NULL,
  list_id bytea NOT NULL,
  drive_id uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, upload_id, list_id)
);
CREATE INDEX provisional_lists_list ON provisional_lists (tenant, list_id);

SELECT driftbox.isolate_tenant(t) FROM unnest(ARRAY['lists', 'list_members', 'provisional_lists']::regclass[]) t;
