import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { releaseReservation } from '../reserve-bytes.ts';
import { requireUpload, type Context } from './context.ts';

/** Gives back what an upload did not commit. */
export function bindReleaseReservation(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.releaseReservation, async (request) => {
    requireUpload(request);
    // By the drive alone: what upload's own sweep gives back has no acting user.
    const { tenantId, params, signal } = request;
    await releaseReservation(database, { tenantId, driveId: params.drive, signal }, params.upload);
    return undefined;
  });
}
