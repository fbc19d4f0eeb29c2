import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { requireDrive } from '../access-drive.ts';
import { presentDrive } from '../present-drive.ts';
import { askerOf, requireUpload, type Context } from './context.ts';

/** May the acting user read or write a drive? */
export function bindCheckAccess(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.checkAccess, async (request) => {
    requireUpload(request);
    const row = await database.transaction(request.tenantId, (tx) => requireDrive(tx, askerOf(request), request.body.verb), {
      readOnly: true,
      signal: request.signal,
    });
    const { driveEpoch, rootId, role } = presentDrive(row);
    return { driveEpoch, rootId, role };
  });
}
