import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listGroupMembers } from '../group-members.ts';
import type { Context } from './context.ts';

/** Who is in a group. */
export function bindListGroupMembers({ database }: Context): RouteBinding {
  return handle(routes.listGroupMembers, (request) => listGroupMembers(database, request, request.params.group, request.query));
}
