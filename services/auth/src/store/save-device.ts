import type { DeviceId, UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const upsert = statement({
  name: 'auth.save-device',
  text: `INSERT INTO devices AS known (tenant, device_id, user_id, name, kind, created_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
         ON CONFLICT (tenant, device_id) DO UPDATE SET name = excluded.name, kind = excluded.kind, last_seen_at = excluded.last_seen_at
         WHERE known.user_id = excluded.user_id
         RETURNING device_id`,
});

/** Makes the device or renews it; answers false when the id is another user's device. */
export async function saveDevice(
  tx: Transaction,
  deviceId: DeviceId,
  userId: UserId,
  name: string,
  kind: string,
  nowMs: number,
): Promise<boolean> {
  return (await tx.query(upsert, [tx.tenantId, deviceId, userId, name, kind, new Date(nowMs)])).rows.length === 1;
}
