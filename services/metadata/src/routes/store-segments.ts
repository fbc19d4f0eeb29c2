import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { storeSegments } from '../store-segments.ts';
import { askerOf, requireUpload, type Context } from './context.ts';

/** Keeps segments for a commit to come. */
export function bindStoreSegments(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.storeSegments, async (request) => {
    requireUpload(request);
    await storeSegments(database, askerOf(request), request.body);
    return undefined;
  });
}
