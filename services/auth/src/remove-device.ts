import type { DeviceId, TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Actor } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { endSessions } from './end-sessions.ts';
import { deleteDevice } from './store/delete-device.ts';

/** Ends the device's sessions and forgets it. Throws `not_found`. */
export async function removeDevice(context: Context, tenantId: TenantId, actor: Actor, deviceId: DeviceId): Promise<void> {
  await context.database.transaction(tenantId, async (tx) => {
    await endSessions(tx, actor.userId, { deviceId }, 'device-removed', context.nowMs());
    if (!(await deleteDevice(tx, actor.userId, deviceId))) throw new Problem('not_found', 'There is no such device');
  });
  await context.revocations.poll();
}
