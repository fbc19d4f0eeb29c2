import type { Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { fromBytes, toBytes } from '../digest-bytes.ts';
import { heldChunk } from './list-idle-chunks.ts';

const listDueChunksStatement = statement({
  name: 'upload.list-due-chunks',
  text: `
    WITH examined AS MATERIALIZED (
      SELECT digest, condemned_at FROM chunks WHERE tenant = $1 AND condemned AND digest > $2 ORDER BY digest LIMIT $3
    )
    SELECT e.digest, e.condemned_at::text AS mark, e.condemned_at < now() - make_interval(secs => $4) AND NOT ${heldChunk} AS due
    FROM examined e ORDER BY e.digest`,
});

type Row = { readonly digest: Buffer; readonly mark: string; readonly due: boolean };

/** Of the next `limit` condemned chunks after a digest: those condemned longer than `graceMs` ago that nothing holds. */
export async function listDueChunks(
  database: Database,
  tenantId: TenantId,
  page: { readonly after: Digest | undefined; readonly limit: number; readonly graceMs: number },
): Promise<{ items: { digest: Digest; mark: string }[]; last: Digest | undefined }> {
  const after = page.after === undefined ? Buffer.alloc(0) : toBytes(page.after);
  const { rows } = await database.withTenant<Row>(tenantId, listDueChunksStatement, [tenantId, after, page.limit, page.graceMs / 1000]);
  const last = rows.at(-1);
  return {
    items: rows.filter(({ due }) => due).map(({ digest, mark }) => ({ digest: fromBytes(digest), mark })),
    last: last === undefined ? undefined : fromBytes(last.digest),
  };
}
