import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { requireDrive, requireEntry } from '../access-drive.ts';
import { requireLinked } from '../linked.ts';
import { parseEntryId } from '@driftbox/domain';
import { stored } from '../store/entry-row.ts';
import { present } from '../store/present.ts';
import { linkAskerOf, requireAsking, type Context } from './context.ts';

/** May the acting user read or write a drive, or an entry? For the holder of a link also: does it still lead anywhere? */
export function bindCheckAccess(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.checkAccess, async (request) => {
    requireAsking(request);
    const asker = linkAskerOf(request);
    const { verb, entry } = request.body;
    const row = await database.transaction(
      request.tenantId,
      async (tx) => {
        const [drive] = await Promise.all([
          entry === undefined ? requireDrive(tx, asker, verb) : requireEntry(tx, asker, entry, verb),
          asker.link === undefined ? undefined : requireLinked(tx, asker, asker.link.entry),
        ]);
        return drive;
      },
      { readOnly: true, signal: request.signal },
    );
    const role = row.role ?? ('entry_role' in row ? row.entry_role : null);
    return { driveEpoch: row.epoch, rootId: stored(parseEntryId, row.root_id), role: present(role) };
  });
}
