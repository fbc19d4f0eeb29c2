import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { resolveForWrite } from '../locate-content.ts';
import { askerOf, requireUpload, type Context } from './context.ts';

/** Where a path would be written. */
export function bindResolveForWrite(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.resolveForWrite, (request) => {
    requireUpload(request);
    return resolveForWrite(database, askerOf(request), request.body.path, request.body.below);
  });
}
