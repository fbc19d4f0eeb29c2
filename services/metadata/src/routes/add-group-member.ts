import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { addGroupMember } from '../group-members.ts';
import type { Context } from './context.ts';

/** Puts a person into a group. */
export function bindAddGroupMember({ database, onCommitted }: Context): RouteBinding {
  return handle(routes.addGroupMember, (request) =>
    addGroupMember(database, request, { groupId: request.params.group, email: request.body.email }, onCommitted),
  );
}
