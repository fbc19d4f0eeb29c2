import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, toPage, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { listLinks } from '../manage-links.ts';
import { presentLink } from '../present-link.ts';

/** Lists links. */
export function bindListLinks(context: Context): RouteBinding {
  return handle(routes.listLinks, async ({ tenantId, actor, query, signal }) => {
    const { of, drive, entry, cursor, limit } = query;
    const filter = { of, drive, entry, after: idOfCursor(cursor), limit: limit + 1 };
    const rows = await listLinks(context, { tenantId, actor, signal }, filter);
    return toPage(
      rows,
      limit,
      (row) => row.linkId,
      (row) => presentLink(context, tenantId, row, actor.userId),
    );
  });
}
