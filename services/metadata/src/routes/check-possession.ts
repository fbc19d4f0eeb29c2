import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Digest } from '@driftbox/domain';
import { admit, readInDrive } from '../access-drive.ts';
import { checkPossession } from '../store/check-possession.ts';
import { askerOf, requireUpload, type Context } from './context.ts';

/** Which chunks does a drive possess? */
export function bindCheckPossession(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.checkPossession, async (request) => {
    requireUpload(request);
    const { verb, digests } = request.body;
    const { drive, rows } = await readInDrive<{ digest: Digest }>(database, askerOf(request), checkPossession, [digests], {
      plansOnce: true,
    });
    admit(drive, verb);
    return { possessed: rows.map((row) => row.digest) };
  });
}
