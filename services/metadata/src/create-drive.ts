import { randomUUID } from 'node:crypto';
import { parseDriveId, type DriveId, type UserId } from '@driftbox/domain';
import { appendOutbox, type Transaction } from '@driftbox/postgres';
import { driveCreated } from './events.ts';
import { insertDrive } from './store/create-drive.ts';
import { stored } from './store/entry-row.ts';

/** Makes an empty drive owned by `owner`, who gets the first grant; `undefined` when that home drive is there already. */
export async function createDrive(tx: Transaction, owner: UserId, kind: 'home' | 'shared', name: string): Promise<DriveId | undefined> {
  const { rows } = await tx.query<{ drive_id: string }>(insertDrive, [
    tx.tenantId,
    randomUUID(),
    randomUUID(),
    kind,
    owner,
    name,
    randomUUID(),
  ]);
  if (rows[0] === undefined) return undefined;
  const driveId = stored(parseDriveId, rows[0].drive_id);
  appendOutbox(tx, driveCreated(driveId, owner, kind));
  return driveId;
}
