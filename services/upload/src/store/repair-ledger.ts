import type { TenantId } from '@driftbox/domain';
import { statement, type Database, type Transaction } from '@driftbox/postgres';

const lockLedgerStatement = statement({
  name: 'upload.lock-ledger',
  text: `
    INSERT INTO physical_ledger AS l (tenant, pack_bytes, live_bytes, packs, chunks) VALUES ($1, 0, 0, 0, 0)
    ON CONFLICT (tenant) DO UPDATE SET packs = l.packs`,
});
const repairPacksStatement = statement({
  name: 'upload.repair-packs',
  text: `
    UPDATE packs p SET live_bytes = s.bytes, dead_at = CASE WHEN s.bytes = 0 THEN now() END
    FROM (
      SELECT p.pack_id, coalesce(sum(c.length_bytes), 0)::bigint AS bytes
      FROM packs p LEFT JOIN chunks c ON c.tenant = $1 AND c.pack_id = p.pack_id WHERE p.tenant = $1 GROUP BY p.pack_id
    ) s WHERE p.tenant = $1 AND p.pack_id = s.pack_id AND p.live_bytes <> s.bytes`,
});
const repairLedgerStatement = statement({
  name: 'upload.repair-ledger',
  text: `
    UPDATE physical_ledger SET
      pack_bytes = (SELECT coalesce(sum(size_bytes), 0) FROM packs WHERE tenant = $1),
      packs = (SELECT count(*) FROM packs WHERE tenant = $1),
      live_bytes = (SELECT coalesce(sum(length_bytes), 0) FROM chunks WHERE tenant = $1),
      chunks = (SELECT count(*) FROM chunks WHERE tenant = $1)
    WHERE tenant = $1`,
});

/**
 * Brings a tenant's ledger, and what each pack says is live in it, to what the rows say, those included that `first` writes in the same
 * transaction; where it answers that it wrote none, nothing is repaired. Whatever changes rows changes the ledger last in its
 * transaction, and waits for this one; it cannot be seen half.
 */
export async function repairLedger(database: Database, tenantId: TenantId, first?: (tx: Transaction) => Promise<boolean>): Promise<void> {
  await database.transaction(
    tenantId,
    async (tx) => {
      if ((await first?.(tx)) === false) return;
      await tx.query(lockLedgerStatement, [tenantId]);
      await tx.query(repairPacksStatement, [tenantId]);
      await tx.last(repairLedgerStatement, [tenantId]);
    },
    { attempts: 3 },
  );
}
