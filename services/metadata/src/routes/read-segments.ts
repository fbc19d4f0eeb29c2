import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { readSegments } from '../store-segments.ts';
import { askerOf, requireUpload, type Context } from './context.ts';

/** Segments that a drive possesses. */
export function bindReadSegments(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.readSegments, async (request) => {
    requireUpload(request);
    return { segments: await readSegments(database, askerOf(request), request.body) };
  });
}
