import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { acceptGrant } from '../accept-grant.ts';
import { askerOf, requireShare, requireWriteScope, type Context } from './context.ts';

/** Takes what was offered. */
export function bindAcceptGrant({ database, onCommitted }: Context): RouteBinding {
  return handle(routes.acceptGrant, (request) => {
    requireShare(request);
    requireWriteScope(request);
    return acceptGrant(database, askerOf(request), request.body, onCommitted);
  });
}
