import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { getWebhook } from '../webhook/manage-webhooks.ts';
import { presentWebhook } from '../webhook/present.ts';

/** Shows a webhook. */
export function bindGetWebhook(context: Context): RouteBinding {
  return handle(routes.getWebhook, async ({ tenantId, actor, params, signal }) =>
    presentWebhook(await getWebhook(context, { tenantId, actor, signal }, params.webhook)),
  );
}
