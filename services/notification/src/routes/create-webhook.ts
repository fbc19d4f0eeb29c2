import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { createWebhook } from '../webhook/manage-webhooks.ts';
import { presentWebhook } from '../webhook/present.ts';
import { secretOf } from '../webhook/sign-delivery.ts';

/** Makes a webhook, and shows its secret. */
export function bindCreateWebhook(context: Context): RouteBinding {
  return handle(routes.createWebhook, async ({ tenantId, actor, body, signal }) => {
    const row = await createWebhook(context, { tenantId, actor, signal }, body);
    return { ...presentWebhook(row), secret: secretOf(context.webhookSecret, row.webhookId, row.generation) };
  });
}
