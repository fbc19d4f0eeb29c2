import type { Delivery, Webhook } from '@driftbox/protocol';
import type { DeliveryRow } from '../store/deliveries.ts';
import type { WebhookRow } from '../store/webhook-row.ts';

const time = (ms: number): string => new Date(ms).toISOString();

/** A webhook as people see it, without its secret. */
export function presentWebhook({ webhookId, url, scope, drive, types, state, owner, createdMs, failingMs, waiting }: WebhookRow): Webhook {
  return {
    webhookId,
    url,
    scope,
    ...(drive === null ? {} : { drive }),
    types: [...types],
    state,
    owner,
    createdAt: time(createdMs),
    ...(failingMs === null ? {} : { failingSince: time(failingMs) }),
    waiting,
  };
}

/** A delivery as people see it. */
export function presentDelivery(row: DeliveryRow): Delivery {
  const { deliveryId, eventId, type, state, attempts, createdMs, deliveredMs, lastStatus, lastError } = row;
  return {
    deliveryId,
    eventId,
    type,
    state,
    attempts,
    createdAt: time(createdMs),
    ...(deliveredMs === null ? {} : { deliveredAt: time(deliveredMs) }),
    ...(lastStatus === null ? {} : { lastStatus }),
    ...(lastError === null ? {} : { lastError }),
  };
}
