CREATE TABLE notes (
  tenant uuid NOT NULL,
  id bigint NOT NULL,
  body text NOT NULL DEFAULT '',
  PRIMARY KEY (tenant, id)
) PARTITION BY HASH (tenant);
CREATE TABLE notes_0 PARTITION OF notes FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE notes_1 PARTITION OF notes FOR VALUES WITH (MODULUS 2, REMAINDER 1);
SELECT driftbox.isolate_tenant('notes');
