import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listLinkedDescendants } from '../linked.ts';
import { linkAskerOf, requireShare, type Context } from './context.ts';

/** What the holder of a link is shown below a folder. */
export function bindListLinkedDescendants({ database }: Context): RouteBinding {
  return handle(routes.listLinkedDescendants, (request) => {
    requireShare(request);
    return listLinkedDescendants(database, linkAskerOf(request), request.params.entry, request.query);
  });
}
