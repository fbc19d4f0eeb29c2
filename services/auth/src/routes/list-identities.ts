import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, type RouteBinding, toPage } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { presentIdentity } from '../issuer/present-identity.ts';
import { listIdentities } from '../store/list-identities.ts';

/** Answers `listIdentities`. */
export function bindListIdentities(context: Context): RouteBinding {
  return handle(routes.listIdentities, async ({ tenantId, actor, query, signal }) => {
    const after = idOfCursor(query.cursor);
    const rows = await context.database.transaction(tenantId, (tx) => listIdentities(tx, actor.userId, after, query.limit + 1), {
      readOnly: true,
      signal,
    });
    return toPage(rows, query.limit, (row) => row.identityId, presentIdentity);
  });
}
