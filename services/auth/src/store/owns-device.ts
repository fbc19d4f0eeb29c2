import type { DeviceId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const select = statement({
  name: 'auth.owns-device',
  text: `SELECT 1 FROM devices JOIN users USING (tenant, user_id) WHERE tenant = $1 AND device_id = $2 AND users.email = $3`,
});

/** Whether the identity has signed in on this device before. */
export async function ownsDevice(tx: Transaction, deviceId: DeviceId, email: string): Promise<boolean> {
  return (await tx.query(select, [tx.tenantId, deviceId, email])).rows.length > 0;
}
