import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listLinkedChildren } from '../linked.ts';
import { linkAskerOf, requireShare, type Context } from './context.ts';

/** What the holder of a link is shown in a folder. */
export function bindListLinkedChildren({ database }: Context): RouteBinding {
  return handle(routes.listLinkedChildren, (request) => {
    requireShare(request);
    return listLinkedChildren(database, linkAskerOf(request), request.params.entry, request.query);
  });
}
