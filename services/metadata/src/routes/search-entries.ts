import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { searchEntries } from '../search-entries.ts';
import type { Context } from './context.ts';

/** Finds entries by name and metadata. */
export function bindSearchEntries(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.searchEntries, ({ tenantId, actor, query, signal }) =>
    searchEntries(database, tenantId, actor.userId, query, signal),
  );
}
