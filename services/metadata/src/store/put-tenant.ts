import { statement } from '@driftbox/postgres';

/** Brings a tenant's limits to an intent. */
export const putTenant = statement({
  name: 'metadata.put-tenant',
  text: `INSERT INTO tenants (tenant, name, suspended, logical_bytes, user_bytes, file_bytes, files, history_days, trash_days)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (tenant) DO UPDATE SET name = excluded.name, suspended = excluded.suspended, logical_bytes = excluded.logical_bytes,
    user_bytes = excluded.user_bytes, file_bytes = excluded.file_bytes, files = excluded.files, history_days = excluded.history_days,
      trash_days = excluded.trash_days`,
});
