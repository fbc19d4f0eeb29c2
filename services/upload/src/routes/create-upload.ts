import { routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { createFile } from '../tus/create-file.ts';
import { readBytes, requireTus } from '../tus/tus-request.ts';

/** Begins a file that comes by tus. */
export function createUploadRoute(context: Context): RouteBinding {
  return handle(routes.createUpload, async ({ tenantId, actor, params: { drive }, headers, signal }) => {
    requireTus(headers);
    const creation = {
      sizeBytes: readBytes(headers, 'upload-length'),
      metadata: headers['upload-metadata'],
      preconditions: { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] },
    };
    const { uploadId, expiresAt } = await createFile(context, { tenantId, actor, drive, signal }, creation);
    const location = `/v1/drives/${drive}/uploads/${uploadId}`;
    return reply({ headers: { location, 'upload-offset': '0', 'upload-expires': expiresAt.toUTCString() } });
  });
}
