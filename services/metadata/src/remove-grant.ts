import { canGrant, type SubjectId } from '@driftbox/domain';
import { appendOutbox, type Database } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import type { OnCommitted } from './commit-input.ts';
import { dropMounts } from './drop-mounts.ts';
import { grantChanged } from './events.ts';
import { grantOf, mayNot, peopleOf } from './grantee.ts';
import { dropGrant } from './store/grants.ts';
import { lockDrive } from './store/lock-drive.ts';

/**
 * Takes somebody's role away, or lets the asker leave; the next request finds no drive any more, and its mount goes. An
 * owner neither leaves nor is removed. Throws `not_found`, `permission_denied`.
 */
export async function removeGrant(database: Database, asker: Asker, subject: SubjectId, onCommitted: OnCommitted): Promise<void> {
  const { tenantId, driveId } = asker;
  await database.transaction(
    tenantId,
    async (tx) => {
      tx.defer(lockDrive, [tenantId, driveId]);
      const [drive, before] = await Promise.all([requireDrive(tx, asker, 'read'), grantOf(tx, asker, subject)]);
      const leaves = subject === asker.userId;
      if (before?.role === 'owner' && leaves)
        throw new Problem('permission_denied', 'An owner cannot leave: hand the drive over, or unshare it');
      if (!leaves && !canGrant(drive, drive, before?.role, undefined)) throw mayNot(drive.kind);
      if (before === undefined) throw new Problem('not_found', 'There is no such role on the drive');
      tx.defer(dropGrant, [tenantId, driveId, subject]);
      appendOutbox(tx, grantChanged(asker, { subject, role: null, people: await peopleOf(tx, subject), driveName: drive.name }));
    },
    { signal: asker.signal },
  );
  await dropMounts(database, tenantId, [driveId], onCommitted);
}
