-- Replaced revisions by age: only entries that were changed after they were made are in it.
CREATE INDEX revisions_replaced ON revisions (tenant, made_at) WHERE rev > 1;
CREATE INDEX tombstones_age ON tombstones (tenant, made_at);
CREATE INDEX provisional_lists_expiry ON provisional_lists (tenant, expires_at);

-- The one list of tenants that background work goes through; everything it then does is done as that tenant.
CREATE POLICY walk ON tenants FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION tenants_after(last uuid, most integer) RETURNS TABLE (tenant uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = metadata, driftbox, pg_temp AS $$
  SELECT t.tenant FROM tenants t WHERE last IS NULL OR t.tenant > last ORDER BY t.tenant LIMIT most
$$;
REVOKE ALL ON FUNCTION tenants_after FROM PUBLIC;
