import type { DeviceId, TenantId, UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { Actor } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { endSessions } from './end-sessions.ts';
import { deleteDevice } from './store/delete-device.ts';

/** Ends the device's sessions and forgets it. Throws `not_found`. */
export async function removeDevice(context: Context, tenantId: TenantId, actor: Actor, deviceId: DeviceId): Promise<void> {
  await context.database.transaction(tenantId, (tx) => removeDeviceOf(tx, actor.userId, deviceId, context.nowMs()));
  await context.revocations.poll();
}

/** The same within `tx`. */
export async function removeDeviceOf(tx: Transaction, userId: UserId, deviceId: DeviceId, nowMs: number): Promise<void> {
  await endSessions(tx, userId, { deviceId }, 'device-removed', nowMs);
  if (!(await deleteDevice(tx, userId, deviceId))) throw new Problem('not_found', 'There is no such device');
}
