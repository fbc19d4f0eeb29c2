import { statement } from '@driftbox/postgres';

/** Gives back what drives hold beyond `$2` bytes of allowance. Sent behind a lock on the tenant's holding. */
export const returnAllowances = statement({
  name: 'metadata.return-allowances',
  text: `WITH rich AS (
    SELECT drive_id, owner, allowance_bytes - $2 AS bytes FROM drives WHERE tenant = $1 AND allowance_bytes > $2
      ORDER BY drive_id LIMIT 1000 FOR UPDATE SKIP LOCKED
  ), returned AS (
    UPDATE drives d SET allowance_bytes = $2 FROM rich WHERE d.tenant = $1 AND d.drive_id = rich.drive_id
  ), sums AS (
    SELECT owner AS holder_id, sum(bytes) AS bytes FROM rich GROUP BY owner UNION ALL SELECT $1, sum(bytes) FROM rich HAVING count(*) > 0
  )
  UPDATE holdings h SET held_bytes = h.held_bytes - s.bytes FROM sums s WHERE h.tenant = $1 AND h.holder_id = s.holder_id`,
});

/** The lock that leases take first. */
export const lockTenantHolding = statement({
  name: 'metadata.lock-tenant-holding',
  text: 'SELECT 1 FROM holdings WHERE tenant = $1 AND holder_id = $1 FOR UPDATE',
});
