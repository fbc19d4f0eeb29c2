import type { DriveId, TenantId, UserId } from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import { addHolding, lockHoldings, reclaimAllowances, type HoldingRow } from './store/hold-bytes.ts';
import { addAllowance } from './store/add-allowance.ts';

/** What a lease or reservation met: which limit is the tighter one, and how it stands. */
export type LeaseAnswer = {
  readonly granted: boolean;
  readonly limit: 'user' | 'tenant';
  readonly limitBytes: number;
  readonly usedBytes: number;
};

/** A drive leases this much at a time where there is room: one short transaction for many commits. */
export const blockBytes = 64 * 2 ** 20;

/**
 * Lets a drive grow by `needBytes` and a block beyond it, out of what its owner and the tenant have left; near the limit
 * by less, at the limit by what other drives' allowances give back: then not `granted`, but what there is is taken, so
 * that of a commit that does not fit as a whole the first operations do.
 */
export function leaseAllowance(
  database: Database,
  tenantId: TenantId,
  driveId: DriveId,
  owner: UserId,
  needBytes: number,
): Promise<LeaseAnswer> {
  return database.transaction(
    tenantId,
    async (tx) => {
      const held = await holdUpTo(tx, driveId, owner, { needBytes, mostBytes: needBytes + blockBytes, partly: true });
      if (held.bytes > 0) tx.defer(addAllowance, [tenantId, driveId, held.bytes]);
      return held.answer;
    },
    { attempts: 3 },
  );
}

/** How much to take: at least `needBytes`, or when there is less room all of it (`partly`) or nothing. */
type Wanted = { readonly needBytes: number; readonly mostBytes: number; readonly partly: boolean };

/**
 * Takes bytes from both holders' room; `granted` when it was at least what is needed.
 * Holders are locked tenant first; drives that give allowances back are taken only where nobody holds them.
 */
export async function holdUpTo(
  tx: Transaction,
  driveId: DriveId,
  owner: UserId,
  { needBytes, mostBytes, partly }: Wanted,
): Promise<{ bytes: number; answer: LeaseAnswer }> {
  let holdings = (await tx.query<HoldingRow>(lockHoldings, [tx.tenantId, owner])).rows;
  if (roomOf(tightest(holdings)) < needBytes) {
    await tx.query(reclaimAllowances, [tx.tenantId, driveId]);
    holdings = (await tx.query<HoldingRow>(lockHoldings, [tx.tenantId, owner])).rows;
  }
  const tight = tightest(holdings);
  const granted = roomOf(tight) >= needBytes;
  const bytes = granted || partly ? Math.min(mostBytes, roomOf(tight)) : 0;
  if (bytes > 0) tx.defer(addHolding, [tx.tenantId, owner, bytes]);
  const limit = tight.is_tenant ? 'tenant' : 'user';
  return { bytes, answer: { granted, limit, limitBytes: tight.limit_bytes, usedBytes: tight.held_bytes } };
}

const roomOf = (row: HoldingRow): number => Math.max(0, row.limit_bytes - row.held_bytes);

function tightest(holdings: readonly HoldingRow[]): HoldingRow {
  return holdings.reduce((tight, row) => (roomOf(row) < roomOf(tight) ? row : tight));
}
