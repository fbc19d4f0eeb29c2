import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listUserUsage } from '../user-limits.ts';
import type { Context } from './context.ts';

/** What each person of the tenant holds. */
export function bindListUserUsage({ database }: Context): RouteBinding {
  return handle(routes.listUserUsage, (request) => listUserUsage(database, request, request.query.cursor, request.query.limit));
}
