import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { uploadShared } from '../upload-shared.ts';
import { visitOf } from './visit.ts';

/** Takes a file for a file request. */
export function bindUploadShared(context: Context): RouteBinding {
  return handle(routes.uploadShared, (request) => {
    const { name, mtime } = request.query;
    const length = Number(request.headers['content-length'] ?? Number.NaN);
    const sizeBytes = Number.isSafeInteger(length) ? length : undefined;
    return uploadShared(context, visitOf(request), { name, mtime, sizeBytes, body: request.stream() });
  });
}
