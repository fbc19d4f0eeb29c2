import { routes } from '@driftbox/protocol';
import { handle, idOfCursor, toPage, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { listDeliveries, type DeliveryRow } from '../store/deliveries.ts';
import { getWebhook } from '../webhook/manage-webhooks.ts';
import { presentDelivery } from '../webhook/present.ts';

/** Shows what became of what was sent. */
export function bindListDeliveries(context: Context): RouteBinding {
  return handle(routes.listDeliveries, async ({ tenantId, actor, params, query, signal }) => {
    const { limit, cursor } = query;
    await getWebhook(context, { tenantId, actor, signal }, params.webhook);
    const values = [tenantId, params.webhook, idOfCursor(cursor) ?? null, limit + 1];
    const { rows } = await context.database.withTenant<DeliveryRow>(tenantId, listDeliveries, values, { signal });
    return toPage(rows, limit, (row) => row.deliveryId, presentDelivery);
  });
}
