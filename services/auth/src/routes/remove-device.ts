import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { removeDevice } from '../remove-device.ts';

/** Answers `removeDevice`. */
export function bindRemoveDevice(context: Context): RouteBinding {
  return handle(routes.removeDevice, async ({ tenantId, actor, params }) => {
    await removeDevice(context, tenantId, actor, params.device);
    return undefined;
  });
}
