import { parseTenantId, type TenantId } from '@driftbox/domain';
import type { CloudEvent } from '@driftbox/event-bus';
import { TenantErased, type Transaction } from '@driftbox/postgres';
import type { Context } from './context.ts';
import { notificationsOf } from './notifications-of.ts';
import { preferencesFor } from './preferences.ts';
import { putInInboxes } from './put-in-inboxes.ts';

/** Topics whose events people are told of. */
export const heardTopics = ['driftbox.accounts', 'driftbox.files', 'driftbox.shares'] as const;

/**
 * Takes an event in: whom it concerns is told, in one transaction. The same event again tells nobody anything; one of an erased
 * tenant, or of an unknown shape, does nothing. Throws what the database throws: the bus brings the event again.
 */
export async function hearEvent(context: Context, event: CloudEvent): Promise<void> {
  const tenantId = parseTenantId(event.tenant);
  if (tenantId === undefined) return;
  const told = notificationsOf(event);
  if (told === undefined) return;
  await unlessErased(context, tenantId, async (tx) => {
    const preferences = await preferencesFor(tx, told.people);
    const people = told.people.filter((one) => preferences(one).kinds[told.kind].inApp);
    const reached = await putInInboxes(tx, { ...told, people }, event.id, context.nowMs());
    tx.afterCommit(() => context.metrics.told.inc({ kind: told.kind, channel: 'inbox' }, reached));
  });
}

async function unlessErased({ database }: Context, tenantId: TenantId, work: (tx: Transaction) => Promise<void>): Promise<void> {
  try {
    await database.transaction(tenantId, work, { idempotent: true });
  } catch (error) {
    if (!(error instanceof TenantErased)) throw error;
  }
}
