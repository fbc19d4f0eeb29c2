import type { DeviceId, UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const remove = statement({
  name: 'auth.delete-device',
  text: 'DELETE FROM devices WHERE tenant = $1 AND user_id = $2 AND device_id = $3 RETURNING 1',
});

/** Answers false when the user has no such device. */
export async function deleteDevice(tx: Transaction, userId: UserId, deviceId: DeviceId): Promise<boolean> {
  return (await tx.query(remove, [tx.tenantId, userId, deviceId])).rows.length > 0;
}
