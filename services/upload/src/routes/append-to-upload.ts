import { Problem, routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { append } from '../tus/append.ts';
import { readBytes, readChecksum, requireTus } from '../tus/tus-request.ts';

const type = 'application/offset+octet-stream';

/** Takes the next bytes of a file that comes by tus. */
export function appendToUploadRoute(context: Context): RouteBinding {
  return handle(routes.appendToUpload, async (request) => {
    const {
      tenantId,
      actor,
      params: { drive, upload },
      headers,
      signal,
    } = request;
    requireTus(headers);
    if (headers['content-type'] !== type) throw new Problem('invalid_argument', `The body must be ${type}`);
    const length = Number(headers['content-length'] ?? Number.NaN);
    const { offsetBytes, expiresAt } = await append(
      context,
      { tenantId, actor, drive, signal },
      { tenantId, drive, uploadId: upload, userId: actor.userId },
      {
        offsetBytes: readBytes(headers, 'upload-offset'),
        lengthBytes: Number.isSafeInteger(length) ? length : undefined,
        checksum: readChecksum(headers['upload-checksum']),
        body: request.stream(),
      },
    );
    return reply({ headers: { 'upload-offset': String(offsetBytes), 'upload-expires': expiresAt.toUTCString() } });
  });
}
