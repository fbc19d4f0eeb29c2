import { parseEntryId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, ownId, toPage, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { getLink } from '../manage-links.ts';
import { listUses, type UseRow } from '../store/list-uses.ts';

/** Shows what was done through a link. */
export function bindListLinkUses(context: Context): RouteBinding {
  return handle(routes.listLinkUses, async ({ tenantId, actor, params, query, signal }) => {
    const before = idOfCursor(query.cursor) ?? null;
    await getLink(context, { tenantId, actor, signal }, params.link);
    const values = [tenantId, params.link, before, query.limit + 1];
    const { rows } = await context.database.withTenant<UseRow>(tenantId, listUses, values, { signal });
    return toPage(
      rows,
      query.limit,
      (row) => row.useId,
      ({ useId, kind, atMs, entryId, name, address }) => ({
        useId,
        kind,
        at: new Date(atMs).toISOString(),
        entryId: ownId(parseEntryId, entryId),
        name,
        address,
      }),
    );
  });
}
