import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { updateWebhook } from '../webhook/manage-webhooks.ts';
import { presentWebhook } from '../webhook/present.ts';

/** Changes a webhook. */
export function bindUpdateWebhook(context: Context): RouteBinding {
  return handle(routes.updateWebhook, async ({ tenantId, actor, params, body, signal }) =>
    presentWebhook(await updateWebhook(context, { tenantId, actor, signal }, params.webhook, body)),
  );
}
