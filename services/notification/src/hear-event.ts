import { parseTenantId, parseUserId } from '@driftbox/domain';
import type { CloudEvent } from '@driftbox/event-bus';
import { unlessErased, type Transaction } from '@driftbox/postgres';
import type { Context } from './context.ts';
import { endPerson } from './end-person.ts';
import { queueMails } from './mail/queue-mails.ts';
import { notificationsOf, type Told } from './notifications-of.ts';
import { preferencesFor } from './preferences.ts';
import { putInInboxes } from './put-in-inboxes.ts';
import { queueEvent, queueTold } from './webhook/queue-event.ts';

/** Topics whose events people and webhooks are told of. */
export const heardTopics = ['driftbox.accounts', 'driftbox.files', 'driftbox.shares'] as const;

/**
 * Takes an event in: whom it concerns is told, and it goes on its way to webhooks, all in one transaction. The same event again
 * does nothing, nor does one of an erased tenant. What was kept for who was removed is forgotten. Throws what the database throws:
 * the bus brings the event again.
 */
export async function hearEvent(context: Context, event: CloudEvent): Promise<void> {
  const tenantId = parseTenantId(event.tenant);
  if (tenantId === undefined || typeof event.data !== 'object' || event.data === null) return;
  const told = notificationsOf(event);
  const removed = event.type === 'user.removed' ? parseUserId(event.subject ?? '') : undefined;
  const take = async (tx: Transaction): Promise<void> => {
    if (removed !== undefined) await endPerson(tx, removed);
    if (told !== undefined) await tell(context, tx, event, told);
    await queueEvent(context, tx, event);
  };
  await unlessErased(() => context.database.transaction(tenantId, take, { idempotent: true }));
}

async function tell(context: Context, tx: Transaction, event: CloudEvent, told: Told): Promise<void> {
  const preferences = await preferencesFor(tx, told.people);
  const people = told.people.filter((one) => preferences(one).kinds[told.kind].inApp);
  const reached = await putInInboxes(tx, { ...told, people }, event.id, context.nowMs());
  tx.afterCommit(() => context.metrics.told.inc({ kind: told.kind, channel: 'inbox' }, reached));
  const mailed = await queueMails(tx, told, preferences, event.id, context.nowMs());
  tx.afterCommit(() => context.metrics.told.inc({ kind: told.kind, channel: 'mail' }, mailed));
  await queueTold(context, tx, event, told);
}
