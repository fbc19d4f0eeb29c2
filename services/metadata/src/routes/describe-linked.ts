import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { describeLinked } from '../linked.ts';
import { linkAskerOf, requireShare, type Context } from './context.ts';

/** An entry for who makes links to it, or holds one. */
export function bindDescribeLinked({ database }: Context): RouteBinding {
  return handle(routes.describeLinked, (request) => {
    requireShare(request);
    return describeLinked(database, linkAskerOf(request), request.params.entry);
  });
}
