import { quotaWarning, type DriveId, type TenantId, type UserId } from '@driftbox/domain';
import { appendOutbox, type Database, type Transaction } from '@driftbox/postgres';
import { quotaWarned } from './events.ts';
import { addHolding, lockHoldings, noteWarned, reclaimAllowances, type HoldingRow } from './store/hold-bytes.ts';
import { addAllowance } from './store/add-allowance.ts';
import { listAdministrators } from './store/people.ts';
import { present } from './store/present.ts';

/** What a lease or reservation met: which limit is the tighter one, and how it stands. */
export type LeaseAnswer = {
  readonly granted: boolean;
  readonly limit: 'user' | 'tenant';
  readonly limitBytes: number;
  readonly usedBytes: number;
  /** How the tenant stands with the number of its files. */
  readonly limitFiles: number;
  readonly usedFiles: number;
};

/** What a drive is to grow by. */
export type Growth = { readonly bytes: number; readonly files: number };

/** How much to take: at least `need`, up to `most` where there is room. */
export type Wanted = { readonly need: Growth; readonly most: Growth };

/** A drive leases this much at a time where there is room: one short transaction for many commits. */
export const blockBytes = 64 * 2 ** 20;
/** The same for files: a few commits of the usual size. */
export const blockFiles = 4_096;

/**
 * Lets a drive grow by what it needs and more where wanted, out of what its owner and the tenant have left; near the limit
 * by less, at the limit by what other drives' allowances give back: then not `granted`, but what there is is taken, so
 * that of a commit that does not fit as a whole the first operations do.
 */
export function leaseAllowance(
  database: Database,
  tenantId: TenantId,
  driveId: DriveId,
  owner: UserId,
  wanted: Wanted,
): Promise<LeaseAnswer> {
  return database.transaction(
    tenantId,
    async (tx) => {
      const held = await holdUpTo(tx, driveId, owner, { ...wanted, partly: true });
      if (held.bytes > 0 || held.files > 0) tx.defer(addAllowance, [tenantId, driveId, held.bytes, held.files]);
      return held.answer;
    },
    { attempts: 3 },
  );
}

/**
 * Takes bytes from both holders' room and files from the tenant's; `granted` when it was at least what is needed. With less
 * room than that it takes all there is (`partly`) or nothing.
 * Holders are locked tenant first; drives that give allowances back are taken only where nobody holds them.
 */
export async function holdUpTo(
  tx: Transaction,
  driveId: DriveId,
  owner: UserId,
  { need, most, partly }: Wanted & { readonly partly: boolean },
): Promise<Growth & { answer: LeaseAnswer }> {
  let holdings = (await tx.query<HoldingRow>(lockHoldings, [tx.tenantId, owner])).rows;
  if (!fits(need, holdings)) {
    await tx.query(reclaimAllowances, [tx.tenantId, driveId]);
    holdings = (await tx.query<HoldingRow>(lockHoldings, [tx.tenantId, owner])).rows;
  }
  const tight = tightest(holdings);
  const ofTenant = tenantOf(holdings);
  const granted = fits(need, holdings);
  const takes = granted || partly;
  const bytes = takes ? Math.min(most.bytes, roomOf(tight)) : 0;
  const files = takes ? Math.min(most.files, roomForFiles(ofTenant)) : 0;
  if (bytes > 0 || files > 0) tx.defer(addHolding, [tx.tenantId, owner, bytes, files]);
  for (const row of holdings) await warn(tx, driveId, owner, row, bytes);
  const byBytes = {
    limit: tight.is_tenant ? ('tenant' as const) : ('user' as const),
    limitBytes: tight.limit_bytes,
    usedBytes: tight.held_bytes,
  };
  return { bytes, files, answer: { granted, ...byBytes, limitFiles: ofTenant.limit_files, usedFiles: ofTenant.held_files } };
}

/**
 * Tells the owner of the drive that grows when they come near to their limit, and who administers the tenant when that does: the
 * owner instead while nobody is known to.
 */
async function warn(tx: Transaction, drive: DriveId, owner: UserId, row: HoldingRow, growBytes: number): Promise<void> {
  const { is_tenant: isTenant, held_bytes: heldBytes, limit_bytes: limitBytes } = row;
  const limit = isTenant ? 'tenant' : 'user';
  const { warned, tell } = quotaWarning({ holder: limit, heldBytes, growBytes, limitBytes, warned: row.warned });
  if (warned !== row.warned) tx.defer(noteWarned, [tx.tenantId, owner, isTenant, warned]);
  if (!tell) return;
  const administrators = isTenant ? (await tx.query<{ user_id: UserId }>(listAdministrators, [tx.tenantId])).rows : [];
  const people = administrators.length === 0 ? [owner] : administrators.map((one) => one.user_id);
  appendOutbox(tx, quotaWarned({ drive, owner, people, limit, percent: warned, limitBytes }));
}

function fits(need: Growth, holdings: readonly HoldingRow[]): boolean {
  return roomOf(tightest(holdings)) >= need.bytes && roomForFiles(tenantOf(holdings)) >= need.files;
}

function tenantOf(holdings: readonly HoldingRow[]): HoldingRow {
  return present(holdings.find((row) => row.is_tenant));
}

const roomForFiles = (row: HoldingRow): number => Math.max(0, row.limit_files - row.held_files);
const roomOf = (row: HoldingRow): number => Math.max(0, row.limit_bytes - row.held_bytes);

function tightest(holdings: readonly HoldingRow[]): HoldingRow {
  return holdings.reduce((tight, row) => (roomOf(row) < roomOf(tight) ? row : tight));
}
