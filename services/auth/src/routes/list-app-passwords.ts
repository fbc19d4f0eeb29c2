import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, type RouteBinding, toPage } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { listAppPasswords } from '../store/list-app-passwords.ts';

/** Answers `listAppPasswords`. */
export function bindListAppPasswords(context: Context): RouteBinding {
  return handle(routes.listAppPasswords, async ({ tenantId, actor, query, signal }) => {
    const after = idOfCursor(query.cursor);
    const rows = await context.database.transaction(tenantId, (tx) => listAppPasswords(tx, actor.userId, after, query.limit + 1), {
      readOnly: true,
      signal,
    });
    return toPage(
      rows,
      query.limit,
      (row) => row.appPasswordId,
      ({ appPasswordId, name, scope, createdMs, lastUsedMs }) => ({
        appPasswordId,
        name,
        scope,
        createdAt: new Date(createdMs).toISOString(),
        ...(lastUsedMs === null ? {} : { lastUsedAt: new Date(lastUsedMs).toISOString() }),
      }),
    );
  });
}
