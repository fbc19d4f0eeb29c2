import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, type RouteBinding, toPage } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { presentDevice } from '../present-signed-in.ts';
import { listDevices } from '../store/list-devices.ts';

/** Answers `listDevices`. */
export function bindListDevices(context: Context): RouteBinding {
  return handle(routes.listDevices, async ({ tenantId, actor, query, signal }) => {
    const after = idOfCursor(query.cursor);
    const rows = await context.database.transaction(tenantId, (tx) => listDevices(tx, actor.userId, after, query.limit + 1), {
      readOnly: true,
      signal,
    });
    return toPage(
      rows,
      query.limit,
      (row) => row.deviceId,
      (row) => presentDevice(row, actor.deviceId),
    );
  });
}
