import { statement } from '@driftbox/postgres';

/** A delivery as it is stored, times in milliseconds. */
export type DeliveryRow = {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly type: string;
  readonly state: 'waiting' | 'delivered' | 'dropped';
  readonly attempts: number;
  readonly createdMs: number;
  readonly deliveredMs: number | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
};

const columns = `delivery_id AS "deliveryId", event_id AS "eventId", type, state, attempts, created_at AS "createdMs",
  delivered_at AS "deliveredMs", last_status AS "lastStatus", last_error AS "lastError"`;

/** A webhook's ($2), after an id ($3): oldest first. */
export const listDeliveries = statement({
  name: 'notification.list-deliveries',
  text: `SELECT ${columns} FROM deliveries WHERE tenant = $1 AND webhook_id = $2 AND ($3::uuid IS NULL OR delivery_id > $3)
  ORDER BY delivery_id LIMIT $4`,
});

/** Active webhooks that want an event of this type ($2) of this drive ($3), or of what these people ($4) are told. */
export const matchWebhooks = statement({
  name: 'notification.match-webhooks',
  text: `SELECT webhook_id AS "webhookId", scope, owner FROM webhooks
  WHERE tenant = $1 AND state = 'active' AND types && ARRAY['*', $2, split_part($2, '.', 1) || '.*']
    AND (scope = 'tenant' AND $4::uuid[] IS NULL OR scope = 'drive' AND drive_id = $3 OR scope = 'own' AND owner = ANY($4))`,
});

/**
 * One delivery of an event ($4 to $6) for each webhook ($2) under an id ($3), unless it has it. Their rows are locked in one order;
 * each is due from now ($7) on, unless it waits for a later try.
 */
export const insertDeliveries = statement({
  name: 'notification.insert-deliveries',
  text: `WITH added AS (
    INSERT INTO deliveries (tenant, delivery_id, webhook_id, event_id, type, event, created_at)
    SELECT $1, delivery_id, webhook_id, $4, $5, $6, $7 FROM unnest($2::uuid[], $3::uuid[]) AS one (webhook_id, delivery_id)
    ON CONFLICT (tenant, webhook_id, event_id) DO NOTHING RETURNING webhook_id
  ), held AS (
    SELECT webhook_id FROM webhooks WHERE tenant = $1 AND webhook_id IN (SELECT webhook_id FROM added) ORDER BY webhook_id FOR UPDATE
  )
  UPDATE webhooks w SET waiting = w.waiting + 1, due_at = coalesce(w.due_at, $7)
  FROM held WHERE w.tenant = $1 AND w.webhook_id = held.webhook_id RETURNING w.webhook_id AS "webhookId", w.waiting`,
});

export const findDelivery = statement({
  name: 'notification.find-delivery',
  text: `SELECT ${columns} FROM deliveries WHERE tenant = $1 AND webhook_id = $2 AND delivery_id = $3 FOR UPDATE`,
});

/** One that is not waiting waits again, in its old place. */
export const replayDelivery = statement({
  name: 'notification.replay-delivery',
  text: `UPDATE deliveries SET state = 'waiting', delivered_at = NULL WHERE tenant = $1 AND webhook_id = $2 AND delivery_id = $3
    AND state <> 'waiting' RETURNING ${columns}`,
});

export const addWaiting = statement({
  name: 'notification.add-waiting',
  text: `UPDATE webhooks SET waiting = waiting + 1, due_at = least(coalesce(due_at, $3), $3) WHERE tenant = $1 AND webhook_id = $2`,
});
