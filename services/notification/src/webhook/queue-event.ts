import { isUuid, type UserId } from '@driftbox/domain';
import type { CloudEvent } from '@driftbox/event-bus';
import type { Transaction } from '@driftbox/postgres';
import { newId } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import type { Told } from '../notifications-of.ts';
import { insertDeliveries, matchWebhooks } from '../store/deliveries.ts';
import { textOf } from '../text-of.ts';
import { disable } from './disable.ts';

/** More than this do not wait for one webhook: it is switched off, and its owner told. */
const mostWaiting = 10_000;

type Matched = { readonly webhookId: string };

/** An event goes on its way to the webhooks of its tenant and its drive. */
export async function queueEvent(context: Context, tx: Transaction, event: CloudEvent): Promise<void> {
  const { drive } = event.data as { readonly drive?: unknown };
  const { traceparent: _ours, ...sent } = event;
  await queue(context, tx, sent, typeof drive === 'string' && isUuid(drive) ? drive : undefined, undefined);
}

/** What people are told goes on its way to their own webhooks, each what that person is told. */
export async function queueTold(context: Context, tx: Transaction, event: CloudEvent, told: Told): Promise<void> {
  const { kind, data, people } = told;
  const type = `notification.${kind}`;
  const { traceparent: _ours, subject: _theirs, ...rest } = event;
  const sent = { ...rest, source: '/services/notification', type, data: { kind, text: textOf(kind, data), data } };
  await queue(context, tx, sent, undefined, people);
}

async function queue(
  context: Context,
  tx: Transaction,
  event: CloudEvent,
  drive: string | undefined,
  people: readonly UserId[] | undefined,
): Promise<void> {
  const nowMs = context.nowMs();
  const { rows } = await tx.query<Matched>(matchWebhooks, [tx.tenantId, event.type, drive ?? null, people ?? null]);
  if (rows.length === 0) return;
  const ids = rows.map(({ webhookId }) => webhookId).toSorted();
  const deliveries = ids.map(() => newId(nowMs));
  const values = [tx.tenantId, ids, deliveries, event.id, event.type, event, new Date(nowMs)];
  const added = await tx.query<{ webhookId: string; waiting: number }>(insertDeliveries, values);
  for (const { webhookId, waiting } of added.rows)
    if (waiting > mostWaiting) await disable(context, tx, webhookId, 'too much waits for it');
  tx.afterCommit(context.wake);
}
