import { Counter, type Registry } from 'prom-client';

/** What notification counts for an operator; labels are closed sets. */
export type NotificationMetrics = {
  readonly told: Counter<'kind' | 'channel'>;
  readonly deliveries: Counter<'outcome'>;
  readonly disabled: Counter;
  readonly mails: Counter<'outcome'>;
};

export function createMetrics(registry: Registry): NotificationMetrics {
  return {
    told: new Counter({
      name: 'driftbox_notifications_total',
      help: 'What people were told, by kind and way. None while events are published means that nobody hears them.',
      labelNames: ['kind', 'channel'],
      registers: [registry],
    }),
    deliveries: new Counter({
      name: 'driftbox_webhook_deliveries_total',
      help: 'Tries to send an event to a webhook, by outcome. Many that failed are receivers that are away, or a way out that is shut.',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    mails: new Counter({
      name: 'driftbox_notification_mails_total',
      help: 'Mails to people, by outcome. Failed ones are tried again for a day: many mean that the mail server is away.',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    disabled: new Counter({
      name: 'driftbox_webhooks_disabled_total',
      help: 'Webhooks that were switched off: nothing arrived for a day, too much waited, or their owner lost the drive.',
      registers: [registry],
    }),
  };
}
