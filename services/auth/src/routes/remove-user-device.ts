import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { signUserOut } from '../administer-user.ts';
import type { Context } from '../context.ts';
import { removeDeviceOf } from '../remove-device.ts';

/** Answers `removeUserDevice`. */
export function bindRemoveUserDevice(context: Context): RouteBinding {
  return handle(routes.removeUserDevice, async ({ tenantId, actor, params: { user, device }, address }) => {
    await signUserOut(context, { tenantId, actor, userId: user, address }, (tx) => removeDeviceOf(tx, user, device, context.nowMs()));
    return undefined;
  });
}
