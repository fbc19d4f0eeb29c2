import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { presentDelivery } from '../webhook/present.ts';
import { testWebhook } from '../webhook/replay.ts';

/** Sends an event that means nothing. */
export function bindTestWebhook(context: Context): RouteBinding {
  return handle(routes.testWebhook, async ({ tenantId, actor, params, signal }) =>
    presentDelivery(await testWebhook(context, { tenantId, actor, signal }, params.webhook)),
  );
}
