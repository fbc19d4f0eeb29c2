import { can, canGrant, type Role } from '@driftbox/domain';
import { appendOutbox, type Database, type Transaction } from '@driftbox/postgres';
import { Problem, type Grant } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import type { OnCommitted } from './commit-input.ts';
import { dropMounts } from './drop-mounts.ts';
import { grantChanged } from './events.ts';
import { granteeOf, grantOf, mayNot, peopleOf, type Wanted } from './grantee.ts';
import { presentGrant } from './present-grant.ts';
import { writeGrant } from './store/grants.ts';
import { lockDrive } from './store/lock-drive.ts';
import { present } from './store/present.ts';
import { transferDrive } from './transfer-drive.ts';

/**
 * Gives somebody a role on a shared drive, or another one. `owner` hands the drive over and leaves its owner a manager.
 * Throws `not_found` for a drive that the asker may not know and a person or group that the tenant has not, `permission_denied`.
 */
export async function putGrant(
  database: Database,
  asker: Asker,
  { wanted, role }: { readonly wanted: Wanted; readonly role: Role },
  onCommitted: OnCommitted,
): Promise<Grant> {
  await dropMounts(database, asker.tenantId, [asker.driveId], onCommitted);
  const give = (tx: Transaction): Promise<Grant> => (role === 'owner' ? transferDrive(tx, asker, wanted) : put(tx, asker, wanted, role));
  return database.transaction(asker.tenantId, give, { signal: asker.signal, idempotent: true });
}

async function put(tx: Transaction, asker: Asker, wanted: Wanted, role: Role): Promise<Grant> {
  tx.defer(lockDrive, [tx.tenantId, asker.driveId]);
  const drive = await requireDrive(tx, asker, 'read');
  if (!can(drive, 'grant', drive)) throw mayNot(drive.kind);
  const { subject } = await granteeOf(tx, wanted);
  const before = await grantOf(tx, asker, subject);
  if (!canGrant(drive, drive, before?.role, role))
    throw new Problem('permission_denied', 'The owner of a drive stays its owner until they hand it over');
  if (before?.role !== role) {
    tx.defer(writeGrant, [tx.tenantId, asker.driveId, subject, role, asker.userId]);
    appendOutbox(tx, grantChanged(asker, { subject, role, people: await peopleOf(tx, subject), driveName: drive.name }));
  }
  return presentGrant(present(await grantOf(tx, asker, subject)));
}
