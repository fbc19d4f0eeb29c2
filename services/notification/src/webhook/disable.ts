import type { Transaction } from '@driftbox/postgres';
import type { Context } from '../context.ts';
import { queueMails } from '../mail/queue-mails.ts';
import { preferencesFor } from '../preferences.ts';
import { putInInboxes } from '../put-in-inboxes.ts';
import { disableWebhook } from '../store/work-deliveries.ts';
import type { WebhookRow } from '../store/webhook-row.ts';

/** Switches a webhook off and tells its owner why. What waits stays, for when they switch it on again. */
export async function disable(context: Context, tx: Transaction, webhookId: string, reason: string): Promise<void> {
  const [row] = (await tx.query<WebhookRow>(disableWebhook, [tx.tenantId, webhookId])).rows;
  if (row === undefined) return;
  const { owner, url } = row;
  const kind = 'webhook_disabled';
  context.metrics.disabled.inc();
  const preferences = await preferencesFor(tx, [owner]);
  const nowMs = context.nowMs();
  const told = { kind, people: [owner], data: { webhookId, url, reason } } as const;
  const eventId = `${kind} ${webhookId} ${nowMs}`;
  const mailed = await queueMails(tx, told, preferences, eventId, nowMs);
  tx.afterCommit(() => context.metrics.told.inc({ kind, channel: 'mail' }, mailed));
  if (!preferences(owner).kinds[kind].inApp) return;
  const reached = await putInInboxes(tx, told, eventId, nowMs);
  tx.afterCommit(() => context.metrics.told.inc({ kind, channel: 'inbox' }, reached));
}
