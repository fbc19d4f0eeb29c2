-- When a chunk was condemned: deletion must find the very condemnation that it asked about, and a grace period after it.
ALTER TABLE chunks ADD COLUMN condemned_at timestamptz;
CREATE INDEX chunks_condemned ON chunks (tenant, digest) WHERE condemned;

-- What the frames take that no chunk points to any more, and since when none is pointed to: the object stays a while for
-- whoever is still reading it.
ALTER TABLE packs ADD COLUMN dead_bytes bigint NOT NULL DEFAULT 0;
ALTER TABLE packs ADD COLUMN dead_at timestamptz;
CREATE INDEX packs_sparse ON packs (tenant, pack_id) WHERE dead_bytes * 2 > size_bytes AND live_bytes > 0;
CREATE INDEX packs_dead ON packs (tenant, pack_id) WHERE live_bytes = 0;

-- Collection asks by digest whether an open upload proved it.
CREATE INDEX proofs_of_digest ON proofs (tenant, digest);

-- How far a job that goes over all of a tenant came, so that another process goes on there. NULL: it begins anew.
CREATE TABLE upkeep_places (
  tenant uuid NOT NULL,
  job text NOT NULL,
  place bytea,
  ended_at timestamptz,
  PRIMARY KEY (tenant, job)
);
SELECT driftbox.isolate_tenant('upkeep_places');

-- When a job last came to the end of all tenants, for metrics. Nothing of a tenant.
CREATE TABLE upkeep_rounds (
  job text PRIMARY KEY,
  ended_at timestamptz NOT NULL
);
