import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, type RouteBinding, toPage } from '@driftbox/service-kit';
import { readUser } from '../administer-user.ts';
import type { Context } from '../context.ts';
import { presentDevice } from '../present-signed-in.ts';
import { listDevices } from '../store/list-devices.ts';

/** Answers `listUserDevices`. */
export function bindListUserDevices(context: Context): RouteBinding {
  return handle(routes.listUserDevices, async ({ tenantId, actor, params: { user }, query, signal }) => {
    const after = idOfCursor(query.cursor);
    const rows = await readUser(context, { tenantId, actor, userId: user, signal }, (tx) => listDevices(tx, user, after, query.limit + 1));
    return toPage(
      rows,
      query.limit,
      (row) => row.deviceId,
      (row) => presentDevice(row, actor.deviceId),
    );
  });
}
