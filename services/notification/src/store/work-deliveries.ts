import { statement } from '@driftbox/postgres';
import { webhookColumns } from './webhook-row.ts';

/** Webhooks of all tenants that are due ($1), of those that fail and of those that do not at most $2 each. */
export const webhooksDue = statement({
  name: 'notification.webhooks-due',
  text: 'SELECT tenant AS "tenantId", webhook_id AS "webhookId", failing FROM webhooks_due($1, $2)',
});

/** Takes one that is due ($3): nobody else tries it before $4. */
export const claimWebhook = statement({
  name: 'notification.claim-webhook',
  text: `UPDATE webhooks SET due_at = $4 WHERE tenant = $1 AND webhook_id = $2 AND state = 'active' AND due_at <= $3
  RETURNING ${webhookColumns}`,
});

/** The oldest that wait. */
export const waitingDeliveries = statement({
  name: 'notification.waiting-deliveries',
  text: `SELECT delivery_id AS "deliveryId", event FROM deliveries WHERE tenant = $1 AND webhook_id = $2 AND state = 'waiting'
  ORDER BY place LIMIT $3`,
});

/** One has arrived; the webhook works. */
export const noteArrived = statement({
  name: 'notification.note-arrived',
  text: `WITH done AS (
    UPDATE deliveries SET state = 'delivered', attempts = attempts + 1, delivered_at = $4, last_status = $5, last_error = NULL
    WHERE tenant = $1 AND webhook_id = $2 AND delivery_id = $3 AND state = 'waiting' RETURNING 1
  )
  UPDATE webhooks SET waiting = waiting - (SELECT count(*) FROM done)::integer, failing_since = NULL, failures = 0
  WHERE tenant = $1 AND webhook_id = $2`,
});

/** One has not. */
export const noteFailed = statement({
  name: 'notification.note-failed',
  text: `UPDATE deliveries SET attempts = attempts + 1, last_status = $4, last_error = $5
  WHERE tenant = $1 AND webhook_id = $2 AND delivery_id = $3`,
});

/** The webhook waits until $3, failing since $4. */
export const backOff = statement({
  name: 'notification.back-off',
  text: `UPDATE webhooks SET due_at = $3, failing_since = coalesce(failing_since, $4), failures = failures + 1
  WHERE tenant = $1 AND webhook_id = $2 AND state = 'active'`,
});

/** Gives it back: due at $3 if anything waits. */
export const releaseWebhook = statement({
  name: 'notification.release-webhook',
  text: `UPDATE webhooks SET due_at = CASE WHEN waiting > 0 THEN $3::timestamptz END WHERE tenant = $1 AND webhook_id = $2`,
});

/** It is tried no more. */
export const disableWebhook = statement({
  name: 'notification.disable-webhook',
  text: `UPDATE webhooks SET state = 'disabled', due_at = NULL WHERE tenant = $1 AND webhook_id = $2 AND state = 'active'
  RETURNING ${webhookColumns}`,
});

/** What waits is sent to nobody any more. */
export const dropWaiting = statement({
  name: 'notification.drop-waiting',
  text: `WITH gone AS (UPDATE deliveries SET state = 'dropped' WHERE tenant = $1 AND webhook_id = $2 AND state = 'waiting')
  UPDATE webhooks SET waiting = 0 WHERE tenant = $1 AND webhook_id = $2`,
});
