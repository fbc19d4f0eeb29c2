import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { removeWebhook } from '../webhook/manage-webhooks.ts';

/** Ends a webhook. */
export function bindRemoveWebhook(context: Context): RouteBinding {
  return handle(routes.removeWebhook, async ({ tenantId, actor, params, signal }) =>
    removeWebhook(context, { tenantId, actor, signal }, params.webhook).then(() => undefined),
  );
}
