-- The whole intent as it was last put, and the caller's number for it. Tenants registered before have none until they are put again.
ALTER TABLE tenants ADD COLUMN intent jsonb;
ALTER TABLE tenants ADD COLUMN generation bigint NOT NULL DEFAULT 0;
-- When the tenant was last suspended or resumed: what other services ask for. A tenant that never was needs no mention.
ALTER TABLE tenants ADD COLUMN standing_at timestamptz;
UPDATE tenants SET standing_at = now() WHERE suspended;
CREATE INDEX tenants_standing_at ON tenants (standing_at) WHERE standing_at IS NOT NULL;
