-- The whole intent for each tenant as it was last put, the caller's number for it, and what of it upload acts by. `uploads` is
-- how many may be open at once, NULL for as many as one likes.
CREATE TABLE tenants (
  tenant uuid PRIMARY KEY,
  suspended boolean NOT NULL,
  uploads bigint,
  intent jsonb,
  generation bigint NOT NULL DEFAULT 0
);
SELECT driftbox.isolate_tenant('tenants');

-- Tenants that were here before have no intent until they are put again. The owner of a table is not above its row-level security.
DO $$
DECLARE
  each uuid;
BEGIN
  FOR each IN SELECT tenant_id FROM known_tenants LOOP
    PERFORM set_config('driftbox.tenant', each::text, true);
    INSERT INTO tenants (tenant, suspended) VALUES (each, false);
  END LOOP;
  PERFORM set_config('driftbox.tenant', '', true);
END $$;
