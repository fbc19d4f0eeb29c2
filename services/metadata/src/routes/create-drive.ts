import { createHash } from 'node:crypto';
import { withIdempotency } from '@driftbox/postgres';
import { Problem, routes, type Drive } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { requireDrive } from '../access-drive.ts';
import { createDrive } from '../create-drive.ts';
import { presentDrive } from '../present-drive.ts';
import { nameOf } from '../update-drive.ts';
import type { Context } from './context.ts';

/** Makes an empty drive owned by the caller; guests own none. Once per `Idempotency-Key`. */
export function bindCreateDrive({ database }: Context): RouteBinding {
  return handle(routes.createDrive, async ({ tenantId, actor, body, headers, signal }) => {
    if (actor.role === 'guest') throw new Problem('permission_denied', 'Guests cannot own a drive');
    const name = nameOf(body.name);
    const key = headers['idempotency-key'];
    const bodyHash = createHash('sha256').update(name).digest();
    return database.transaction(
      tenantId,
      async (tx) => {
        const make = async (): Promise<Drive> => {
          const driveId = await createDrive(tx, actor.userId, 'shared', name);
          if (driveId === undefined) throw new Error('a new drive was not made');
          return presentDrive(await requireDrive(tx, { tenantId, driveId, userId: actor.userId }, 'read'));
        };
        if (key === undefined) return make();
        const done = await withIdempotency(tx, { actor: actor.userId, route: 'createDrive', key, bodyHash }, make);
        if (done.outcome === 'mismatch') throw new Problem('idempotency_mismatch');
        return done.answer;
      },
      { signal, idempotent: key !== undefined },
    );
  });
}
