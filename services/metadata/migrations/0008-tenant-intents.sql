-- The whole intent as it was last put, and the caller's number for it. Tenants registered before have none until they are put again.
ALTER TABLE tenants
  ADD COLUMN intent jsonb,
  ADD COLUMN generation bigint NOT NULL DEFAULT 0,
  ADD COLUMN sockets bigint NOT NULL DEFAULT 9007199254740991;
