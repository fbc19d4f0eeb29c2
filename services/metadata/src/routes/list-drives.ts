import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listDrives } from '../list-drives.ts';
import type { Context } from './context.ts';

/** The drives of the caller. */
export function bindListDrives(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.listDrives, ({ tenantId, actor, query, signal }) =>
    listDrives(database, tenantId, actor.userId, query.cursor, query.limit, signal),
  );
}
