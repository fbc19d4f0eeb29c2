import type { Transaction } from '@driftbox/postgres';
import { routes, type Entry } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { dropMounts } from '../drop-mounts.ts';
import { unshareDrive } from '../unshare-drive.ts';
import { askerOf, type Context } from './context.ts';
import { keyOf, once } from './once.ts';

/** Makes a drive a folder again. Once per `Idempotency-Key`. */
export function bindUnshareDrive({ database, onCommitted }: Context): RouteBinding {
  return handle(routes.unshareDrive, async (request) => {
    const asker = askerOf(request);
    const { into } = request.body;
    const make = (tx: Transaction): Promise<Entry> => unshareDrive(tx, asker, into, onCommitted);
    const work = (tx: Transaction): Promise<Entry> => once(tx, request, 'unshareDrive', { drive: asker.driveId, into }, () => make(tx));
    const folder = await database.transaction(asker.tenantId, work, { signal: asker.signal, idempotent: keyOf(request) !== undefined });
    await dropMounts(database, asker.tenantId, [asker.driveId], onCommitted);
    return folder;
  });
}
