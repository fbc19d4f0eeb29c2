import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { locateContent } from '../locate-content.ts';
import { askerOf, requireUpload, type Context } from './context.ts';

/** What a file consists of. */
export function bindLocateContent(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.locateContent, (request) => {
    requireUpload(request);
    return locateContent(database, askerOf(request), request.params.entry, request.query.rev);
  });
}
