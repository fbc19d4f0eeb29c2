import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const readLedgerStatement = statement({
  name: 'upload.read-ledger',
  text: 'SELECT pack_bytes, live_bytes, packs, chunks FROM physical_ledger WHERE tenant = $1',
});

/** What the pool holds for a tenant. Dead bytes are `packBytes - liveBytes`. */
export type PhysicalLedger = { readonly packBytes: number; readonly liveBytes: number; readonly packs: number; readonly chunks: number };
type Row = { pack_bytes: number; live_bytes: number; packs: number; chunks: number };

/** The physical ledger as it is kept; all zero for a tenant that stores nothing. */
export async function readLedger(database: Database, tenantId: TenantId): Promise<PhysicalLedger> {
  const { rows } = await database.withTenant<Row>(tenantId, readLedgerStatement, [tenantId]);
  const row = rows[0] ?? { pack_bytes: 0, live_bytes: 0, packs: 0, chunks: 0 };
  return { packBytes: row.pack_bytes, liveBytes: row.live_bytes, packs: row.packs, chunks: row.chunks };
}
