-- When every live frame of a pack was last read and verified; NULL: never since it was written.
ALTER TABLE packs ADD COLUMN verified_at timestamptz;
CREATE INDEX packs_by_verification ON packs (tenant, (coalesce(verified_at, created_at)), pack_id);

-- Chunks that could not be read when their pack was verified last. Revisions that reference them are damaged.
CREATE TABLE damaged_chunks (
  tenant uuid NOT NULL,
  digest bytea NOT NULL,
  pack_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('missing', 'corrupt')),
  found_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, digest)
);
SELECT driftbox.isolate_tenant('damaged_chunks');
