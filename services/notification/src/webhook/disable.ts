import type { Transaction } from '@driftbox/postgres';
import type { Context } from '../context.ts';
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
  if (!(await preferencesFor(tx, [owner]))(owner).kinds[kind].inApp) return;
  const nowMs = context.nowMs();
  const told = { kind, people: [owner], data: { webhookId, url, reason } } as const;
  const reached = await putInInboxes(tx, told, `${kind} ${webhookId} ${nowMs}`, nowMs);
  tx.afterCommit(() => context.metrics.told.inc({ kind, channel: 'inbox' }, reached));
}
