import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { requireDrive } from '../access-drive.ts';
import { requireLinked } from '../linked.ts';
import { presentDrive } from '../present-drive.ts';
import { linkAskerOf, requireAsking, type Context } from './context.ts';

/** May the acting user read or write a drive? For the holder of a link also: does it still lead anywhere? */
export function bindCheckAccess(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.checkAccess, async (request) => {
    requireAsking(request);
    const asker = linkAskerOf(request);
    const row = await database.transaction(
      request.tenantId,
      async (tx) => {
        const [drive] = await Promise.all([
          requireDrive(tx, asker, request.body.verb),
          asker.link === undefined ? undefined : requireLinked(tx, asker, asker.link.entry),
        ]);
        return drive;
      },
      { readOnly: true, signal: request.signal },
    );
    const { driveEpoch, rootId, role } = presentDrive(row);
    return { driveEpoch, rootId, role };
  });
}
