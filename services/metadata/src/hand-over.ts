import type { DriveId, TenantId, UserId } from '@driftbox/domain';
import { appendOutbox, type Database } from '@driftbox/postgres';
import type { OnCommitted } from './commit-input.ts';
import { dropMounts } from './drop-mounts.ts';
import { driveChanged, grantChanged } from './events.ts';
import { holdBoth, moveHolding } from './move-holding.ts';
import { readDriveHolding } from './store/drive-holding.ts';
import { dropGrant, writeGrant } from './store/grants.ts';
import { lockDrive, type DriveRow } from './store/lock-drive.ts';
import { present } from './store/present.ts';
import {
  dropRoles,
  finishRemoval,
  listMountedIn,
  listOpenRemovals,
  listOwned,
  readLeaver,
  takeOver,
  type OwnedRow,
  type RemovalRow,
} from './store/removals.ts';

/** Somebody whose account has ended, who takes over what they own, and who said so. */
export type Leaver = { readonly tenantId: TenantId; readonly userId: UserId; readonly heir: UserId | undefined; readonly by: UserId };

/** Mounts go in batches; more of them than this are left for the next time. */
const maxBatches = 50;

/**
 * Ends what somebody was given, and hands over what they own, a drive a transaction: ids, history and trash stay, no bytes move,
 * and the heir is charged. Their home becomes a shared drive of the heir's. Each step is safe to repeat; answers whether all is
 * done, or `until` has come first.
 */
export async function handOverAll(database: Database, leaver: Leaver, onCommitted: OnCommitted, until: AbortSignal): Promise<boolean> {
  const { tenantId, userId, heir } = leaver;
  await endRoles(database, leaver);
  if (heir !== undefined) {
    const { rows } = await database.withTenant<OwnedRow>(tenantId, listOwned, [tenantId, userId]);
    for (const { drive_id: driveId, kind } of rows) {
      if (until.aborted || (kind === 'home' && !(await emptyOfMounts(database, tenantId, driveId, onCommitted)))) return false;
      await handOver(database, { ...leaver, heir }, driveId);
    }
    // What the list had no room for, and what they made while their last token held.
    const left = await database.withTenant<OwnedRow>(tenantId, listOwned, [tenantId, userId]);
    if (left.rows.length > 0) return false;
  }
  await database.withTenant(tenantId, finishRemoval, [tenantId, userId, heir ?? null], { readOnly: false });
  return true;
}

/** Goes on with the removals of a tenant that stopped on their way. */
export async function goOnRemoving(database: Database, tenantId: TenantId): Promise<void> {
  const { rows } = await database.withTenant<RemovalRow>(tenantId, listOpenRemovals, [tenantId]);
  for (const { user_id: userId, heir, removed_by: by } of rows) {
    const leaver = { tenantId, userId, heir: heir ?? undefined, by };
    await handOverAll(database, leaver, () => {}, AbortSignal.timeout(60_000));
  }
}

async function endRoles(database: Database, { tenantId, userId, by }: Leaver): Promise<void> {
  await database.transaction(
    tenantId,
    async (tx) => {
      const { rows } = await tx.query<{ drive_id: DriveId; name: string }>(dropRoles, [tenantId, userId]);
      // Nobody is told of it who is not there any more.
      for (const { drive_id: driveId, name: driveName } of rows)
        appendOutbox(tx, grantChanged({ tenantId, driveId, userId: by }, { subject: userId, role: null, people: [], driveName }));
    },
    { attempts: 3 },
  );
}

/** A shared drive holds no other: what was mounted in a home goes before it becomes one. Answers whether all has gone. */
async function emptyOfMounts(database: Database, tenantId: TenantId, driveId: DriveId, onCommitted: OnCommitted): Promise<boolean> {
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const { rows } = await database.withTenant<{ mounted_drive: DriveId }>(tenantId, listMountedIn, [tenantId, driveId]);
    if (rows.length === 0) return true;
    const mounted = rows.map((row) => row.mounted_drive);
    if ((await dropMounts(database, tenantId, mounted, onCommitted)) === 0) return false;
  }
  return false;
}

async function handOver(database: Database, leaver: Leaver & { readonly heir: UserId }, driveId: DriveId): Promise<void> {
  const { tenantId, userId, heir, by } = leaver;
  await database.transaction(
    tenantId,
    async (tx) => {
      const owners = { source: userId, target: heir };
      // Whether the heir has the room was asked before anything ended: half handed over nothing would be of anybody.
      await holdBoth(tx, owners);
      const [locked, holding, person] = await Promise.all([
        tx.query<DriveRow>(lockDrive, [tenantId, driveId]),
        tx.query<{ bytes: number }>(readDriveHolding, [tenantId, driveId]),
        tx.query<{ name: string }>(readLeaver, [tenantId, userId]),
      ]);
      if (locked.rows[0]?.owner !== userId) return;
      const home = `Files of ${(person.rows[0]?.name ?? '') || 'somebody'}`.slice(0, 100);
      const taken = await tx.query<{ name: string }>(takeOver, [tenantId, driveId, userId, heir, home]);
      const { name: driveName } = present(taken.rows[0]);
      moveHolding(tx, owners, present(holding.rows[0]).bytes);
      tx.defer(writeGrant, [tenantId, driveId, heir, 'owner', by]);
      tx.defer(dropGrant, [tenantId, driveId, userId]);
      appendOutbox(tx, driveChanged(driveId, heir));
      appendOutbox(tx, grantChanged({ tenantId, driveId, userId: by }, { subject: heir, role: 'owner', people: [heir], driveName }));
    },
    { attempts: 3 },
  );
}
