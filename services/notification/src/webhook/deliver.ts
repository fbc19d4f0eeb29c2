import type { TenantId } from '@driftbox/domain';
import type { CloudEvent } from '@driftbox/event-bus';
import type { Context } from '../context.ts';
import {
  backOff,
  claimWebhook,
  dropWaiting,
  noteArrived,
  noteFailed,
  releaseWebhook,
  waitingDeliveries,
} from '../store/work-deliveries.ts';
import type { WebhookRow } from '../store/webhook-row.ts';
import { backOffMs, patienceMs } from './back-off.ts';
import { disable } from './disable.ts';
import { mayRead } from './may-still-read.ts';
import { sendDelivery, type Sent } from './send-delivery.ts';
import { signedHeaders } from './sign-delivery.ts';

/** Longer than one turn can take: then another process may take the webhook over, and repeats what it has not seen the end of. */
const leaseMs = 90_000;
/** No delivery is begun later in a turn. */
const turnMs = 30_000;
const mostInTurn = 50;

type Waiting = { readonly deliveryId: string; readonly event: CloudEvent };

/**
 * One turn of one webhook: what waits is sent, oldest first and one at a time, until something does not arrive. Nobody else
 * sends to it meanwhile. Throws what the database throws; the lease then ends by itself.
 */
export async function deliver(context: Context, tenantId: TenantId, webhookId: string, stopping: AbortSignal): Promise<void> {
  const { database, nowMs } = context;
  const beganMs = nowMs();
  const claim = [tenantId, webhookId, new Date(beganMs), new Date(beganMs + leaseMs)];
  const write = { readOnly: false } as const;
  const [webhook] = (await database.withTenant<WebhookRow>(tenantId, claimWebhook, claim, write)).rows;
  if (webhook === undefined) return;
  if (webhook.drive !== null && !(await mayRead(context, { tenantId, userId: webhook.owner, drive: webhook.drive, asking: webhookId })))
    return loseDrive(context, tenantId, webhookId);
  const { rows } = await database.withTenant<Waiting>(tenantId, waitingDeliveries, [tenantId, webhookId, mostInTurn]);
  let dueMs = beganMs;
  for (const { deliveryId, event } of rows) {
    if (stopping.aborted || nowMs() - beganMs > turnMs) break;
    const waitMs = context.rates.take(tenantId, nowMs());
    if (waitMs > 0) {
      dueMs = nowMs() + waitMs;
      break;
    }
    const sent = await send(context, webhook, deliveryId, event);
    context.metrics.deliveries.inc({ outcome: sent.kind });
    if (sent.kind === 'failed') return fail(context, tenantId, webhook, deliveryId, sent);
    const values = [tenantId, webhookId, deliveryId, new Date(nowMs()), sent.status];
    await database.withTenant(tenantId, noteArrived, values, write);
  }
  await database.withTenant(tenantId, releaseWebhook, [tenantId, webhookId, new Date(dueMs)], write);
}

function send({ webhookSecret, sending, nowMs }: Context, webhook: WebhookRow, deliveryId: string, event: CloudEvent): Promise<Sent> {
  const body = JSON.stringify(event);
  return sendDelivery(webhook.url, body, signedHeaders(webhookSecret, webhook, deliveryId, body, nowMs()), sending);
}

async function fail(
  context: Context,
  tenantId: TenantId,
  { webhookId, failures, failingMs }: WebhookRow,
  deliveryId: string,
  { status, error }: Sent & { readonly kind: 'failed' },
): Promise<void> {
  const nowMs = context.nowMs();
  await context.database.transaction(tenantId, async (tx) => {
    tx.defer(backOff, [tenantId, webhookId, new Date(nowMs + backOffMs(failures + 1, context.random)), new Date(nowMs)]);
    tx.defer(noteFailed, [tenantId, webhookId, deliveryId, status ?? null, error]);
    if (failingMs !== null && nowMs - failingMs >= patienceMs) await disable(context, tx, webhookId, `nothing arrived for a day: ${error}`);
  });
}

async function loseDrive(context: Context, tenantId: TenantId, webhookId: string): Promise<void> {
  await context.database.transaction(tenantId, async (tx) => {
    tx.defer(dropWaiting, [tenantId, webhookId]);
    await disable(context, tx, webhookId, 'you may not read its drive any more');
  });
}
