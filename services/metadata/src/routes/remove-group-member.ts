import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { removeGroupMember } from '../group-members.ts';
import type { Context } from './context.ts';

/** Takes a person out of a group. */
export function bindRemoveGroupMember({ database, onCommitted }: Context): RouteBinding {
  return handle(routes.removeGroupMember, async (request) => {
    const { group: groupId, user: userId } = request.params;
    await removeGroupMember(database, request, { groupId, userId }, onCommitted);
    return undefined;
  });
}
