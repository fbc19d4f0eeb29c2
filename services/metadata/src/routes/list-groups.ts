import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listGroups } from '../groups.ts';
import type { Context } from './context.ts';

/** The groups of the tenant. */
export function bindListGroups({ database }: Context): RouteBinding {
  return handle(routes.listGroups, (request) => listGroups(database, request, request.query.cursor, request.query.limit));
}
