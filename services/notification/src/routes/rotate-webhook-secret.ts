import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { rotateWebhookSecret } from '../webhook/manage-webhooks.ts';
import { presentWebhook } from '../webhook/present.ts';
import { secretOf } from '../webhook/sign-delivery.ts';

/** Replaces a secret, and shows the new one. */
export function bindRotateWebhookSecret(context: Context): RouteBinding {
  return handle(routes.rotateWebhookSecret, async ({ tenantId, actor, params, signal }) => {
    const row = await rotateWebhookSecret(context, { tenantId, actor, signal }, params.webhook);
    return { ...presentWebhook(row), secret: secretOf(context.webhookSecret, row.webhookId, row.generation) };
  });
}
