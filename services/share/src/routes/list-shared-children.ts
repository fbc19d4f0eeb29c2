import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { asHolder } from '../acting.ts';
import type { Context } from '../context.ts';
import { enterLink } from '../enter-link.ts';
import { visitOf } from './visit.ts';

/** Lists a folder at or below a link's. */
export function bindListSharedChildren(context: Context): RouteBinding {
  return handle(routes.listSharedChildren, async (request) => {
    const { tenantId, query, signal } = request;
    const { link, described } = await enterLink(context, visitOf(request), 'viewer', query.entry);
    const { limit, cursor } = query;
    return context.metadata.call(routes.listLinkedChildren, {
      ...asHolder(context, tenantId, link, signal),
      params: { drive: link.drive, entry: described.entry.entryId },
      query: { limit, cursor },
    });
  });
}
