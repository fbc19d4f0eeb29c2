-- What tenants use together, by the name of the Quota that each is under (empty for none): numbers alone, for metrics.
CREATE POLICY walk ON drives FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION usage_by_quota(most integer) RETURNS TABLE (quota text, tenants bigint, used_bytes bigint, used_files bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = metadata, driftbox, pg_temp AS $$
  SELECT coalesce(t.intent->>'quota', ''), count(*), coalesce(sum(d.used_bytes), 0)::bigint, coalesce(sum(d.used_files), 0)::bigint
  FROM tenants t LEFT JOIN (
    SELECT tenant, sum(current_bytes + history_bytes + trash_bytes) AS used_bytes, sum(current_files + trash_files) AS used_files
    FROM drives GROUP BY tenant
  ) d ON d.tenant = t.tenant
  GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT most
$$;
REVOKE ALL ON FUNCTION usage_by_quota FROM PUBLIC;
