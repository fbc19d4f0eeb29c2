-- What packs of tenants take in the pool together, by the name of the Quota that each is under (empty for none): numbers alone, for
-- metrics.
CREATE POLICY walk ON tenants FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY walk ON physical_ledger FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION usage_by_quota(most integer) RETURNS TABLE (quota text, pack_bytes bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = upload, driftbox, pg_temp AS $$
  SELECT coalesce(t.intent->>'quota', ''), coalesce(sum(l.pack_bytes), 0)::bigint
  FROM tenants t LEFT JOIN physical_ledger l ON l.tenant = t.tenant
  GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT most
$$;
REVOKE ALL ON FUNCTION usage_by_quota FROM PUBLIC;
