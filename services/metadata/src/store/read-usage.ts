import { statement } from '@driftbox/postgres';

/** The ledger lines of each drive that a user owns, and what its open uploads still hold. */
export const readUsage = statement({
  name: 'metadata.read-usage',
  text: `SELECT d.drive_id, d.name, d.current_bytes AS current, d.history_bytes AS history, d.trash_bytes AS trash,
    d.current_files + d.trash_files AS files,
    coalesce((SELECT sum(r.left_bytes) FROM reservations r WHERE r.tenant = $1 AND r.drive_id = d.drive_id), 0)::bigint AS in_flight
  FROM drives d WHERE d.tenant = $1 AND d.owner = $2 ORDER BY d.kind, d.name, d.drive_id LIMIT 1000`,
});

/** The same lines summed over the tenant, with its limit and that of a user ($2). */
export const readTenantUsage = statement({
  name: 'metadata.read-tenant-usage',
  text: `SELECT coalesce(sum(d.current_bytes), 0)::bigint AS current, coalesce(sum(d.history_bytes), 0)::bigint AS history,
    coalesce(sum(d.trash_bytes), 0)::bigint AS trash, coalesce(sum(d.current_files + d.trash_files), 0)::bigint AS files,
    coalesce((SELECT sum(r.left_bytes) FROM reservations r WHERE r.tenant = $1), 0)::bigint AS in_flight,
    (SELECT logical_bytes FROM tenants WHERE tenant = $1) AS tenant_limit,
    coalesce((SELECT limit_bytes FROM users WHERE tenant = $1 AND user_id = $2),
      (SELECT user_bytes FROM tenants WHERE tenant = $1)) AS user_limit
  FROM drives d WHERE d.tenant = $1`,
});
