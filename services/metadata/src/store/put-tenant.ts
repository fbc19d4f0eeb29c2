import { statement, type SqlValue } from '@driftbox/postgres';
import { withoutSecrets, type TenantIntent } from '@driftbox/protocol';

/** Brings a tenant's limits to an intent; `moved` where they are others than before. No row: a newer intent is kept, nothing changed. */
export const putTenant = statement({
  name: 'metadata.put-tenant',
  text: `INSERT INTO tenants AS t (tenant, name, suspended, logical_bytes, user_bytes, file_bytes, files, history_days, trash_days,
    requests_per_second, request_burst, user_requests_per_second, user_request_burst, sockets, intent, generation)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, coalesce($16::bigint, 0))
  ON CONFLICT (tenant) DO UPDATE SET name = excluded.name, suspended = excluded.suspended, logical_bytes = excluded.logical_bytes,
    user_bytes = excluded.user_bytes, file_bytes = excluded.file_bytes, files = excluded.files, history_days = excluded.history_days,
    trash_days = excluded.trash_days, requests_per_second = excluded.requests_per_second, request_burst = excluded.request_burst,
    user_requests_per_second = excluded.user_requests_per_second, user_request_burst = excluded.user_request_burst,
    sockets = excluded.sockets, intent = excluded.intent, generation = coalesce($16::bigint, t.generation)
  WHERE $16::bigint IS NULL OR t.generation <= $16::bigint
  RETURNING old.intent->'limits' IS DISTINCT FROM new.intent->'limits' AS moved`,
});

/** What the statement takes of an intent. */
export function tenantValues(intent: TenantIntent): SqlValue[] {
  const { tenantId, name, suspended, limits, generation } = intent;
  const { logicalBytes, userBytes, fileBytes, files, historyDays, trashDays, sockets } = limits;
  const rates = [limits.requestsPerSecond, limits.requestBurst, limits.userRequestsPerSecond, limits.userRequestBurst];
  const kept = [sockets, withoutSecrets(intent), generation ?? null];
  return [tenantId, name, suspended, logicalBytes, userBytes, fileBytes, files, historyDays, trashDays, ...rates, ...kept];
}
