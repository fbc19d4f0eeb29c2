import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { removeGroup } from '../groups.ts';
import type { Context } from './context.ts';

/** Ends a group. */
export function bindRemoveGroup({ database, onCommitted }: Context): RouteBinding {
  return handle(routes.removeGroup, async (request) => {
    await removeGroup(database, request, request.params.group, onCommitted);
    return undefined;
  });
}
