import { statement } from '@driftbox/postgres';

/** Brings a tenant's limits to an intent. */
export const putTenant = statement({
  name: 'metadata.put-tenant',
  text: `INSERT INTO tenants (tenant, name, suspended, logical_bytes, user_bytes, file_bytes, files, history_days, trash_days,
    requests_per_second, request_burst, user_requests_per_second, user_request_burst)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT (tenant) DO UPDATE SET name = excluded.name, suspended = excluded.suspended, logical_bytes = excluded.logical_bytes,
    user_bytes = excluded.user_bytes, file_bytes = excluded.file_bytes, files = excluded.files, history_days = excluded.history_days,
      trash_days = excluded.trash_days, requests_per_second = excluded.requests_per_second, request_burst = excluded.request_burst,
      user_requests_per_second = excluded.user_requests_per_second, user_request_burst = excluded.user_request_burst`,
});
