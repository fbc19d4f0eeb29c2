import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { reserveBytes } from '../reserve-bytes.ts';
import { askerOf, requireUpload, requireWriteScope, type Context } from './context.ts';

/** Reserves the bytes that an upload will commit. */
export function bindReserveBytes(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.reserveBytes, async (request) => {
    requireUpload(request);
    requireWriteScope(request);
    const { sizeBytes, expiresAt } = request.body;
    await reserveBytes(database, askerOf(request), request.params.upload, sizeBytes, Date.parse(expiresAt));
    return undefined;
  });
}
