import type { TenantId } from '@driftbox/domain';
import type { Context } from '../context.ts';
import { compareLedger } from '../store/recount-ledger.ts';

/** Holds a tenant's physical ledger against a recount, and shows it and the difference. */
export function recountTask({ database, upkeepMetrics }: Context): (tenantId: TenantId) => Promise<void> {
  return async (tenantId) => {
    const { kept, counted } = await compareLedger(database, tenantId);
    const driftBytes = Math.abs(kept.packBytes - counted.packBytes) + Math.abs(kept.liveBytes - counted.liveBytes);
    upkeepMetrics.note(tenantId, { driftBytes, storedBytes: kept.packBytes });
  };
}
