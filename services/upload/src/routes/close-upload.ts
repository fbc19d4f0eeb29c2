import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { closeUpload } from '../store/close-upload.ts';

/** Ends an upload early and gives its reservation back. */
export function closeUploadRoute(context: Context): RouteBinding {
  return handle(routes.closeUpload, async ({ tenantId, actor, params: { drive, upload }, signal }) => {
    const closed = await closeUpload(context.database, { tenantId, drive, uploadId: upload, userId: actor.userId });
    if (!closed) throw new Problem('not_found', 'There is no such upload');
    await context.metadata.client.call(routes.releaseReservation, {
      ...context.metadata.as({ tenantId, actor, signal }),
      params: { drive, upload },
    });
    return undefined;
  });
}
