import type { RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { bindReadTenant } from './read-tenant.ts';
import { bindRestoreTenant } from './restore-tenant.ts';
import { bindDeleteTenant } from './delete-tenant.ts';
import { bindGetPreferences } from './get-preferences.ts';
import { bindListInbox } from './list-inbox.ts';
import { bindReadInbox } from './read-inbox.ts';
import { bindUnsubscribe } from './unsubscribe.ts';
import { bindUpdatePreferences } from './update-preferences.ts';
import { bindCreateWebhook } from './create-webhook.ts';
import { bindGetWebhook } from './get-webhook.ts';
import { bindListDeliveries } from './list-deliveries.ts';
import { bindListWebhooks } from './list-webhooks.ts';
import { bindRemoveWebhook } from './remove-webhook.ts';
import { bindReplayDelivery } from './replay-delivery.ts';
import { bindRotateWebhookSecret } from './rotate-webhook-secret.ts';
import { bindTestWebhook } from './test-webhook.ts';
import { bindUpdateWebhook } from './update-webhook.ts';

/** Every route of notification. */
export function bindRoutes(context: Context): RouteBinding[] {
  return [
    bindDeleteTenant(context),
    bindReadTenant(context),
    bindRestoreTenant(context),
    bindGetPreferences(context),
    bindListInbox(context),
    bindReadInbox(context),
    bindUpdatePreferences(context),
    bindUnsubscribe(context),
    bindCreateWebhook(context),
    bindGetWebhook(context),
    bindListDeliveries(context),
    bindListWebhooks(context),
    bindRemoveWebhook(context),
    bindReplayDelivery(context),
    bindRotateWebhookSecret(context),
    bindTestWebhook(context),
    bindUpdateWebhook(context),
  ];
}
