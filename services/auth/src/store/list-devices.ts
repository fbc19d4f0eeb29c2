import type { DeviceId, UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

export type DeviceRow = {
  readonly deviceId: DeviceId;
  readonly name: string;
  readonly kind: string;
  readonly createdMs: number;
  readonly lastSeenMs: number;
};

const select = statement({
  name: 'auth.list-devices',
  text: `SELECT device_id AS "deviceId", name, kind, created_at AS "createdMs", last_seen_at AS "lastSeenMs" FROM devices
         WHERE tenant = $1 AND user_id = $2 AND ($3::uuid IS NULL OR device_id > $3) ORDER BY device_id LIMIT $4`,
});

/** A user's devices, oldest first. */
export async function listDevices(tx: Transaction, userId: UserId, after: string | undefined, limit: number): Promise<DeviceRow[]> {
  return (await tx.query<DeviceRow>(select, [tx.tenantId, userId, after ?? null, limit])).rows;
}
