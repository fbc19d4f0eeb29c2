import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { requireDrive } from '../access-drive.ts';
import { presentDrive } from '../present-drive.ts';
import { askerOf, type Context } from './context.ts';

/** One drive. */
export function bindGetDrive(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.getDrive, async (request) =>
    presentDrive(
      await database.transaction(request.tenantId, (tx) => requireDrive(tx, askerOf(request), 'read'), {
        readOnly: true,
        signal: request.signal,
      }),
    ),
  );
}
