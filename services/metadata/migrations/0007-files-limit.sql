-- How many files a tenant holds, as its bytes are held: a drive leases some beforehand, so that no commit counts anything.
ALTER TABLE holdings ADD COLUMN held_files bigint NOT NULL DEFAULT 0 CHECK (held_files >= 0);
ALTER TABLE drives ADD COLUMN allowance_files bigint NOT NULL DEFAULT 0 CHECK (allowance_files >= 0);

-- Tenants with files have a holding already. The owner of the tables is not above their row-level security.
DO $$
DECLARE
  each uuid;
BEGIN
  FOR each IN SELECT tenant FROM tenants LOOP
    PERFORM set_config('driftbox.tenant', each::text, true);
    UPDATE holdings SET held_files = (SELECT coalesce(sum(current_files + trash_files), 0) FROM drives WHERE tenant = each)
      WHERE tenant = each AND holder_id = each;
  END LOOP;
  PERFORM set_config('driftbox.tenant', '', true);
END $$;
