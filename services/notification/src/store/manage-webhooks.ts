import { statement } from '@driftbox/postgres';
import { webhookColumns } from './webhook-row.ts';

/** Whoever makes webhooks of a tenant takes turns, so that a count of them holds. */
export const takeTurns = statement({
  name: 'notification.take-turns',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('webhooks ' || $1::text, 0))`,
});

/** Webhooks of a tenant, and of them an owner's ($2). */
export const countWebhooks = statement({
  name: 'notification.count-webhooks',
  text: 'SELECT count(*) AS "all", count(*) FILTER (WHERE owner = $2) AS own FROM webhooks WHERE tenant = $1',
});

export const insertWebhook = statement({
  name: 'notification.insert-webhook',
  text: `INSERT INTO webhooks (tenant, webhook_id, owner, url, scope, drive_id, types, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  RETURNING ${webhookColumns}`,
});

/** An owner's ($2), or without one all, after an id ($3). */
export const listWebhooks = statement({
  name: 'notification.list-webhooks',
  text: `SELECT ${webhookColumns} FROM webhooks WHERE tenant = $1 AND ($2::uuid IS NULL OR owner = $2)
    AND ($3::uuid IS NULL OR webhook_id > $3) ORDER BY webhook_id LIMIT $4`,
});

export const findWebhook = statement({
  name: 'notification.find-webhook',
  text: `SELECT ${webhookColumns} FROM webhooks WHERE tenant = $1 AND webhook_id = $2`,
});

/** The same, held until the transaction ends. */
export const lockWebhook = statement({
  name: 'notification.lock-webhook',
  text: `SELECT ${webhookColumns} FROM webhooks WHERE tenant = $1 AND webhook_id = $2 FOR UPDATE`,
});

/** Its terms ($3 to $5); what waits is tried at once ($6), and what failed before is forgotten. */
export const updateWebhook = statement({
  name: 'notification.update-webhook',
  text: `UPDATE webhooks SET url = $3, types = $4, state = $5, failing_since = NULL, failures = 0,
    due_at = CASE WHEN waiting > 0 THEN $6::timestamptz END
  WHERE tenant = $1 AND webhook_id = $2 RETURNING ${webhookColumns}`,
});

export const rotateSecret = statement({
  name: 'notification.rotate-secret',
  text: `UPDATE webhooks SET generation = generation + 1, rotated_at = $3 WHERE tenant = $1 AND webhook_id = $2
  RETURNING ${webhookColumns}`,
});

/** Its deliveries go with it. */
export const deleteWebhook = statement({
  name: 'notification.delete-webhook',
  text: 'DELETE FROM webhooks WHERE tenant = $1 AND webhook_id = $2',
});
