import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listGrantedEntries } from '../entry-grants.ts';
import type { Context } from './context.ts';

/** The entries that the caller was let in to. */
export function bindListGrantedEntries({ database }: Context): RouteBinding {
  return handle(routes.listGrantedEntries, ({ tenantId, actor, query, signal }) =>
    listGrantedEntries(database, { tenantId, userId: actor.userId, signal }, query),
  );
}
