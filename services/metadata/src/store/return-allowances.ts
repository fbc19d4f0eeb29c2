import { statement } from '@driftbox/postgres';

/** Gives back what drives hold beyond `$2` bytes and `$3` files of allowance. Sent behind a lock on the tenant's holding. */
export const returnAllowances = statement({
  name: 'metadata.return-allowances',
  text: `WITH rich AS (
    SELECT drive_id, owner, greatest(allowance_bytes - $2, 0) AS bytes, greatest(allowance_files - $3, 0) AS files FROM drives
      WHERE tenant = $1 AND (allowance_bytes > $2 OR allowance_files > $3) ORDER BY drive_id LIMIT 1000 FOR UPDATE SKIP LOCKED
  ), returned AS (
    UPDATE drives d SET allowance_bytes = d.allowance_bytes - rich.bytes, allowance_files = d.allowance_files - rich.files
    FROM rich WHERE d.tenant = $1 AND d.drive_id = rich.drive_id
  ), sums AS (
    SELECT owner AS holder_id, sum(bytes) AS bytes, 0 AS files FROM rich GROUP BY owner
    UNION ALL SELECT $1, sum(bytes), sum(files) FROM rich HAVING count(*) > 0
  )
  UPDATE holdings h SET held_bytes = h.held_bytes - s.bytes, held_files = h.held_files - s.files
  FROM sums s WHERE h.tenant = $1 AND h.holder_id = s.holder_id`,
});

/** The lock that leases take first. */
export const lockTenantHolding = statement({
  name: 'metadata.lock-tenant-holding',
  text: 'SELECT 1 FROM holdings WHERE tenant = $1 AND holder_id = $1 FOR UPDATE',
});
