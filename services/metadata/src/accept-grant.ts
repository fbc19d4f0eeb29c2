import { can, canGrant, parseEntryId, parseWriteId, roles, type EntryId, type Role, type UserId } from '@driftbox/domain';
import { appendOutbox, type Database, type Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import { commitDrive } from './commit-drive.ts';
import type { OnCommitted } from './commit-input.ts';
import { dropMounts } from './drop-mounts.ts';
import { grantChanged } from './events.ts';
import { granteeOf, grantOf } from './grantee.ts';
import { listDrives } from './list-drives.ts';
import { stored } from './store/entry-row.ts';
import { writeGrant } from './store/grants.ts';
import { lockDrive } from './store/lock-drive.ts';
import { readPerson } from './store/people.ts';

/** What was offered: the role, and who offered it. The invitation's id names the mount, so that a repeat makes no second one. */
export type Offer = { readonly invitation: string; readonly role: Role; readonly owner: UserId };

/** Names that a mount is tried under before it is left to the person. */
const maxNames = 20;

/**
 * Gives the asker the role that they were offered, unless they have a stronger one, and mounts the drive in their home under its
 * name or a free one like it. Repeating it changes nothing. Throws `not_found` once who offered it may not any more.
 */
export async function acceptGrant(
  database: Database,
  asker: Asker,
  offer: Offer,
  onCommitted: OnCommitted,
): Promise<{ entryId?: EntryId }> {
  await dropMounts(database, asker.tenantId, [asker.driveId], onCommitted);
  const name = await database.transaction(asker.tenantId, (tx) => give(tx, asker, offer), { signal: asker.signal, idempotent: true });
  return mount(database, asker, { offer, name }, onCommitted);
}

async function give(tx: Transaction, asker: Asker, { role, owner }: Offer): Promise<string> {
  const { driveId, userId } = asker;
  tx.defer(lockDrive, [tx.tenantId, driveId]);
  const [drive, inviter] = await Promise.all([
    requireDrive(tx, { ...asker, userId: owner }, 'read'),
    tx.query<{ state: string }>(readPerson, [tx.tenantId, owner]),
    granteeOf(tx, { subject: userId }),
  ]);
  const standing = (inviter.rows[0]?.state ?? 'active') === 'active';
  if (!standing || !can(drive, 'grant', drive) || !canGrant(drive, drive, undefined, role))
    throw new Problem('not_found', 'Who offered this may not any more');
  const before = await grantOf(tx, asker, userId);
  if (before === undefined || roles.indexOf(before.role) < roles.indexOf(role)) {
    tx.defer(writeGrant, [tx.tenantId, driveId, userId, role, owner]);
    appendOutbox(tx, grantChanged(asker, { subject: userId, role, people: [userId], driveName: drive.name }));
  }
  return drive.name;
}

async function mount(
  database: Database,
  { tenantId, userId, driveId, signal }: Asker,
  { offer, name }: { readonly offer: Offer; readonly name: string },
  onCommitted: OnCommitted,
): Promise<{ entryId?: EntryId }> {
  const [home] = (await listDrives(database, tenantId, userId, undefined, 1, signal)).items;
  if (home?.kind !== 'home') return {};
  const entryId = stored(parseEntryId, offer.invitation);
  const writeId = stored(parseWriteId, offer.invitation);
  for (let number = 1; number <= maxNames; number += 1) {
    const operation = { op: 'putMount' as const, entryId, writeId, parentId: home.rootId, name: numbered(name, number), drive: driveId };
    const input = { tenantId, driveId: home.drive, userId, driveEpoch: home.driveEpoch, operations: [operation], atomic: false, signal };
    const { outcomes } = await commitDrive(database, input, onCommitted);
    if (outcomes[0]?.outcome === 'committed') return { entryId };
    if (outcomes[0]?.outcome !== 'name_taken') return {};
  }
  return {};
}

function numbered(name: string, number: number): string {
  return number === 1 ? name : `${name} (${number})`;
}
