import type { Transaction } from '@driftbox/postgres';
import { Problem, routes, type Drive } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { requireDrive } from '../access-drive.ts';
import { createDrive } from '../create-drive.ts';
import { presentDrive } from '../present-drive.ts';
import { shareFolder } from '../share-folder.ts';
import { nameOf } from '../update-drive.ts';
import type { Context } from './context.ts';
import { keyOf, once } from './once.ts';

/** Makes an empty drive owned by the caller, or one of a folder; guests own none. Once per `Idempotency-Key`. */
export function bindCreateDrive({ database, onCommitted }: Context): RouteBinding {
  return handle(routes.createDrive, async (request) => {
    const { tenantId, actor, body, signal } = request;
    if (actor.role === 'guest') throw new Problem('permission_denied', 'Guests cannot own a drive');
    const { userId } = actor;
    const make = async (tx: Transaction): Promise<Drive> => {
      if ('from' in body) return shareFolder(tx, { tenantId, driveId: body.from.drive, userId }, body.from, onCommitted);
      const driveId = await createDrive(tx, userId, 'shared', nameOf(body.name));
      if (driveId === undefined) throw new Error('a new drive was not made');
      return presentDrive(await requireDrive(tx, { tenantId, driveId, userId }, 'read'));
    };
    const work = (tx: Transaction): Promise<Drive> => once(tx, request, 'createDrive', body, () => make(tx));
    return database.transaction(tenantId, work, { signal, idempotent: keyOf(request) !== undefined });
  });
}
