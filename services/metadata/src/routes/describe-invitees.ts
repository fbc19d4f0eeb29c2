import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { describeInvitees } from '../invitees.ts';
import { askerOf, requireShare, type Context } from './context.ts';

/** Whom an offer names. */
export function bindDescribeInvitees({ database }: Context): RouteBinding {
  return handle(routes.describeInvitees, (request) => {
    requireShare(request);
    return describeInvitees(database, askerOf(request), request.body);
  });
}
