import { routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { requireFile } from '../tus/append.ts';
import { requireTus } from '../tus/tus-request.ts';

/** How far a file is that comes by tus. */
export function getUploadRoute(context: Context): RouteBinding {
  return handle(routes.getUpload, async ({ tenantId, actor, params: { drive, upload }, headers }) => {
    requireTus(headers);
    const { offsetBytes, sizeBytes, expiresAt } = await requireFile(context, { tenantId, drive, uploadId: upload, userId: actor.userId });
    return reply({
      headers: {
        'upload-offset': String(offsetBytes),
        'upload-length': String(sizeBytes),
        'upload-expires': expiresAt.toUTCString(),
        'cache-control': 'no-store',
      },
      body: { offsetBytes, sizeBytes, expiresAt: expiresAt.toISOString() },
    });
  });
}
