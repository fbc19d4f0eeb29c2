import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, toPage, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { listOwnWebhooks } from '../webhook/manage-webhooks.ts';
import { presentWebhook } from '../webhook/present.ts';

/** Lists webhooks. */
export function bindListWebhooks(context: Context): RouteBinding {
  return handle(routes.listWebhooks, async ({ tenantId, actor, query, signal }) => {
    const rows = await listOwnWebhooks(context, { tenantId, actor, signal }, idOfCursor(query.cursor), query.limit + 1);
    return toPage(rows, query.limit, (row) => row.webhookId, presentWebhook);
  });
}
