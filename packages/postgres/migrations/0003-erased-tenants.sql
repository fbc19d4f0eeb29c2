-- Tenants that are being or were erased: kept for ever, so that nothing of one is ever written again. `erased` counts what went.
CREATE TABLE erased_tenants (
  tenant uuid PRIMARY KEY,
  requested_at timestamptz NOT NULL DEFAULT now(),
  erased_at timestamptz,
  erased jsonb NOT NULL DEFAULT '{}'
);
SELECT driftbox.isolate_tenant('erased_tenants');

-- Every transaction that may write for a tenant begins with this: it fails for an erased one, and keeps the erasing of
-- others waiting until it has ended. Volatile, so that the second statement sees what was committed while the first waited.
CREATE FUNCTION hold_tenant() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(current_setting('driftbox.tenant'), 0));
  IF EXISTS (SELECT 1 FROM erased_tenants WHERE tenant = current_setting('driftbox.tenant')::uuid) THEN
    RAISE EXCEPTION 'the tenant was erased' USING ERRCODE = 'DBX10';
  END IF;
END $$;

-- A service may only add to its outbox; this one function, of the table's owner, takes back what was not yet published of the
-- tenant that is set, and only of an erased one.
DO $$
BEGIN
  EXECUTE format('
    CREATE FUNCTION erase_outbox(most integer) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = %I, driftbox, pg_temp AS $f$
      WITH gone AS (
        DELETE FROM outbox WHERE tenant = nullif(current_setting(''driftbox.tenant'', true), '''')::uuid AND id IN (
          SELECT o.id FROM outbox o JOIN erased_tenants e USING (tenant)
          WHERE o.tenant = nullif(current_setting(''driftbox.tenant'', true), '''')::uuid LIMIT most)
        RETURNING 1
      ) SELECT count(*) FROM gone
    $f$', current_schema());
END $$;
REVOKE ALL ON FUNCTION erase_outbox FROM PUBLIC;
