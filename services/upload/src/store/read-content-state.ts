import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const readContentStateStatement = statement({
  name: 'upload.read-content-state',
  text: `
    SELECT
      (SELECT (extract(epoch FROM coalesce(verified_at, created_at)) * 1000)::bigint FROM packs WHERE tenant = $1
        ORDER BY coalesce(verified_at, created_at), pack_id LIMIT 1) AS verified_ms,
      (SELECT count(*)::bigint FROM damaged_chunks WHERE tenant = $1) AS damaged`,
});

/** How whole a tenant's content was found: each pack was verified since then, or written; and chunks that cannot be read. */
export type ContentState = { readonly verifiedSince?: string; readonly damagedChunks: number };

/** What scrubbing has found of a tenant so far. */
export async function readContentState(database: Database, tenantId: TenantId): Promise<ContentState> {
  type Row = { verified_ms: number | null; damaged: number };
  const [row] = (await database.withTenant<Row>(tenantId, readContentStateStatement, [tenantId])).rows;
  const since = row?.verified_ms ?? undefined;
  return {
    ...(since === undefined ? {} : { verifiedSince: new Date(since).toISOString() }),
    damagedChunks: row?.damaged ?? 0,
  };
}
