import { parseTenantId, parseUserId } from '@driftbox/domain';
import type { CloudEvent } from '@driftbox/event-bus';
import { unlessErased, type Database, type Transaction } from '@driftbox/postgres';
import { endLinks, endOffers } from './store/end-person.ts';

/** Topic of facts about people. */
export const accountsTopic = 'driftbox.accounts';

/**
 * Ends the links of who was removed, and the offers that they made or had not answered. Metadata would let none of them through;
 * this forgets them. The same event again does nothing, nor does any other. Throws what the database throws: the bus brings it again.
 */
export async function hearAccount(database: Database, { type, tenant, subject }: CloudEvent, nowMs: number): Promise<void> {
  const [tenantId, userId] = [parseTenantId(tenant), parseUserId(subject ?? '')];
  if (type !== 'user.removed' || tenantId === undefined || userId === undefined) return;
  const forget = async (tx: Transaction): Promise<void> => {
    await tx.query(endLinks, [tenantId, userId]);
    await tx.query(endOffers, [tenantId, userId, new Date(nowMs)]);
  };
  await unlessErased(() => database.transaction(tenantId, forget, { idempotent: true }));
}
