import { can, type UserId } from '@driftbox/domain';
import { appendOutbox, type Transaction } from '@driftbox/postgres';
import { Problem, type Grant } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import { driveChanged, grantChanged } from './events.ts';
import { holdBoth, moveHolding } from './move-holding.ts';
import { presentGrant } from './present-grant.ts';
import { granteeOf, grantOf, mayNot, type Wanted } from './grantee.ts';
import { readDriveHolding, writeOwner } from './store/drive-holding.ts';
import { writeGrant } from './store/grants.ts';
import { lockDrive } from './store/lock-drive.ts';
import { present } from './store/present.ts';

/**
 * Hands a drive over: the new owner is charged for all that it holds, who had it stays on as a manager. Locks what both hold,
 * then the drive. Throws `permission_denied` for who is not its owner, `quota_exceeded` when the new one has not the room.
 */
export async function transferDrive(tx: Transaction, asker: Asker, wanted: Wanted): Promise<Grant> {
  const { driveId, userId } = asker;
  const seen = await requireDrive(tx, asker, 'read');
  if (!can(seen, 'transfer', seen)) throw mayNot(seen.kind);
  const { subject, group } = await granteeOf(tx, wanted);
  if (group) throw new Problem('permission_denied', 'A group cannot own a drive');
  if (subject !== seen.owner) await handOver(tx, asker, seen.owner as UserId, subject as UserId);
  return presentGrant(present(await grantOf(tx, { ...asker, driveId, userId }, subject)));
}

async function handOver(tx: Transaction, asker: Asker, from: UserId, to: UserId): Promise<void> {
  const { driveId } = asker;
  const owners = { source: from, target: to };
  const budget = await holdBoth(tx, owners);
  tx.defer(lockDrive, [tx.tenantId, driveId]);
  const [drive, holding] = await Promise.all([
    requireDrive(tx, asker, 'transfer'),
    tx.query<{ bytes: number }>(readDriveHolding, [tx.tenantId, driveId]),
  ]);
  const { bytes } = present(holding.rows[0]);
  if (drive.owner !== from) throw new Problem('unavailable', 'The drive is changing hands', { retryAfterSeconds: 1 });
  if (bytes > budget.growBytes) {
    const { limit, limitBytes, usedBytes } = budget;
    throw new Problem('quota_exceeded', 'The new owner has not the room for this drive', { details: { limit, limitBytes, usedBytes } });
  }
  moveHolding(tx, owners, bytes);
  tx.defer(writeOwner, [tx.tenantId, driveId, to]);
  tx.defer(writeGrant, [tx.tenantId, driveId, to, 'owner', from]);
  tx.defer(writeGrant, [tx.tenantId, driveId, from, 'manager', from]);
  appendOutbox(tx, driveChanged(driveId, to));
  for (const [subject, role] of [
    [to, 'owner'],
    [from, 'manager'],
  ] as const)
    appendOutbox(tx, grantChanged(asker, { subject, role, people: [subject], driveName: drive.name }));
}
