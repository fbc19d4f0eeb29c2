import { Counter, type Registry } from 'prom-client';

/** What notification counts for an operator; labels are closed sets. */
export type NotificationMetrics = { readonly told: Counter<'kind' | 'channel'> };

export function createMetrics(registry: Registry): NotificationMetrics {
  return {
    told: new Counter({
      name: 'driftbox_notifications_total',
      help: 'What people were told, by kind and way. None while events are published means that nobody hears them.',
      labelNames: ['kind', 'channel'],
      registers: [registry],
    }),
  };
}
