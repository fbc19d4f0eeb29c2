import type { Budget, DriveId, TenantId } from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import { addHolding, lockHoldings, reclaimAllowances, type HoldingRow } from './store/hold-bytes.ts';
import { lockTenantHolding } from './store/return-allowances.ts';
import { present } from './store/present.ts';
import { readOwners } from './store/read-owners.ts';

/** Who is charged for two drives; `undefined` for one that is not there. */
export type Owners = { readonly source: string | undefined; readonly target: string | undefined };

/** Who owns two drives, as it is before they are locked. */
export async function ownersOf(tx: Transaction, source: DriveId, target: DriveId): Promise<Owners> {
  const { rows } = await tx.query<{ drive_id: string; owner: string }>(readOwners, [tx.tenantId, [source, target]]);
  const ownerOf = (id: DriveId): string | undefined => rows.find((row) => row.drive_id === id)?.owner;
  return { source: ownerOf(source), target: ownerOf(target) };
}

/**
 * What the target may grow by. Where one person owns both drives nothing is charged to anybody else; of two owners what they
 * hold is locked, and the target's has to have the room. The tenant's sum stays as it is.
 */
export async function holdBoth(tx: Transaction, { source, target }: Owners): Promise<Budget> {
  if (source === undefined || target === undefined || source === target)
    return { growBytes: Number.MAX_SAFE_INTEGER, limit: 'user', limitBytes: 0, usedBytes: 0 };
  await tx.query(lockHoldings, [tx.tenantId, source]);
  const { rows } = await tx.query<HoldingRow>(lockHoldings, [tx.tenantId, target]);
  const { limit_bytes: limitBytes, held_bytes: usedBytes } = present(rows.find(({ is_tenant: isTenant }) => !isTenant));
  return { growBytes: Math.max(0, limitBytes - usedBytes), limit: 'user', limitBytes, usedBytes };
}

/** Charges bytes to the target's owner instead of the source's. What the tenant holds stays the same. */
export function moveHolding(tx: Transaction, { source, target }: Owners, bytes: number): void {
  if (source === undefined || target === undefined || source === target || bytes === 0) return;
  tx.defer(addHolding, [tx.tenantId, source, -bytes, 0]);
  tx.defer(addHolding, [tx.tenantId, target, bytes, 0]);
}

/** Takes back what other drives than this one only hold for later. */
export async function giveRoomBack(database: Database, tenantId: TenantId, drive: DriveId): Promise<void> {
  await database.transaction(
    tenantId,
    async (tx) => {
      await tx.query(lockTenantHolding, [tenantId]);
      await tx.last(reclaimAllowances, [tenantId, drive]);
    },
    { attempts: 3 },
  );
}
