-- A file that comes piece by piece: an upload that knows where its file goes. offset_bytes is how much of it is durable; it is
-- size_bytes only once the file is saved. entry_id and write_id are those of its commit, so that saving again writes nothing twice.
-- A guarded one is saved over base_rev of entry_id alone, or as a new entry where that is NULL; another over whatever is there.
CREATE TABLE incoming_files (
  tenant uuid NOT NULL,
  upload_id uuid NOT NULL,
  path text NOT NULL,
  size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
  offset_bytes bigint NOT NULL DEFAULT 0 CHECK (offset_bytes BETWEEN 0 AND size_bytes),
  mtime timestamptz NOT NULL,
  guarded boolean NOT NULL,
  base_rev bigint,
  entry_id uuid NOT NULL,
  write_id uuid NOT NULL,
  saved boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant, upload_id),
  FOREIGN KEY (tenant, upload_id) REFERENCES uploads ON DELETE CASCADE
);

-- Its durable chunks in order, as many as came at a time: 32 bytes of digest each, and their sizes.
CREATE TABLE incoming_pieces (
  tenant uuid NOT NULL,
  upload_id uuid NOT NULL,
  offset_bytes bigint NOT NULL,
  digests bytea NOT NULL,
  sizes integer[] NOT NULL CHECK (octet_length(digests) = 32 * cardinality(sizes)),
  PRIMARY KEY (tenant, upload_id, offset_bytes),
  FOREIGN KEY (tenant, upload_id) REFERENCES incoming_files ON DELETE CASCADE
);

SELECT driftbox.isolate_tenant('incoming_files');
SELECT driftbox.isolate_tenant('incoming_pieces');
