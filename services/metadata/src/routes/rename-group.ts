import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { renameGroup } from '../groups.ts';
import type { Context } from './context.ts';

/** Gives a group another name. */
export function bindRenameGroup({ database }: Context): RouteBinding {
  return handle(routes.renameGroup, (request) => renameGroup(database, request, request.params.group, request.body.name));
}
