import type { UploadId, UserId } from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import { holdUpTo } from './lease-allowance.ts';
import { addHolding, lockHoldings } from './store/hold-bytes.ts';
import { lockDrive, type DriveRow } from './store/lock-drive.ts';
import { dropReservation, putReservation, readReservation, type ReservationRow } from './store/reservations.ts';

/**
 * Makes an upload's reservation, or brings it to another size and expiry. What is taken more comes from the room of
 * owner and tenant; what is taken less goes back, as far as it was not committed. `quota_exceeded` changes nothing.
 * Locks: holdings, then the drive (as everything that touches both), so that a commit never sees half of it.
 */
export async function reserveBytes(
  database: Database,
  asker: Asker,
  uploadId: UploadId,
  sizeBytes: number,
  expiresAtMs: number,
): Promise<void> {
  await database.transaction(
    asker.tenantId,
    async (tx) => {
      const drive = await requireDrive(tx, asker, 'write');
      const owner = drive.owner as UserId;
      await tx.query(lockHoldings, [tx.tenantId, owner]);
      const [, found] = await lockReservation(tx, asker, uploadId);
      const growBytes = sizeBytes - (found?.size_bytes ?? 0);
      const freedBytes = Math.min(found?.left_bytes ?? 0, Math.max(0, -growBytes));
      if (growBytes > 0) await hold(tx, asker, owner, growBytes);
      if (freedBytes > 0) tx.defer(addHolding, [tx.tenantId, owner, -freedBytes, 0]);
      const leftBytes = (found?.left_bytes ?? 0) + Math.max(0, growBytes) - freedBytes;
      await tx.last(putReservation, [tx.tenantId, asker.driveId, uploadId, sizeBytes, leftBytes, new Date(expiresAtMs)]);
    },
    { signal: asker.signal, attempts: 3 },
  );
}

async function hold(tx: Transaction, asker: Asker, owner: UserId, bytes: number): Promise<void> {
  const need = { bytes, files: 0 };
  const { answer } = await holdUpTo(tx, asker.driveId, owner, { need, most: need, partly: false });
  if (answer.granted) return;
  const { limit, limitBytes, usedBytes } = answer;
  throw new Problem('quota_exceeded', undefined, { details: { limit, limitBytes, usedBytes } });
}

/** Gives back what an upload did not commit; nothing to give back is fine. */
export async function releaseReservation(database: Database, asker: Omit<Asker, 'userId'>, uploadId: UploadId): Promise<void> {
  await database.transaction(asker.tenantId, (tx) => release(tx, asker, uploadId), { signal: asker.signal, attempts: 3 });
}

/** The same inside a transaction that holds no drive's lock yet. */
export async function release(tx: Transaction, asker: Omit<Asker, 'userId'>, uploadId: UploadId): Promise<void> {
  const { rows } = await tx.query<{ owner: string }>('SELECT owner FROM drives WHERE tenant = $1 AND drive_id = $2', [
    tx.tenantId,
    asker.driveId,
  ]);
  const owner = rows[0]?.owner;
  if (owner === undefined) return;
  await tx.query(lockHoldings, [tx.tenantId, owner]);
  const [, found] = await lockReservation(tx, asker, uploadId);
  if (found === undefined) return;
  tx.defer(addHolding, [tx.tenantId, owner, -found.left_bytes, 0]);
  tx.defer(dropReservation, [tx.tenantId, asker.driveId, uploadId]);
}

async function lockReservation(
  tx: Transaction,
  asker: Omit<Asker, 'userId'>,
  uploadId: UploadId,
): Promise<[DriveRow | undefined, ReservationRow | undefined]> {
  const key = [tx.tenantId, asker.driveId];
  const [drive, found] = await Promise.all([
    tx.query<DriveRow>(lockDrive, key),
    tx.query<ReservationRow>(readReservation, [...key, uploadId]),
  ]);
  return [drive.rows[0], found.rows[0]];
}
