import type { UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { endPersonsRows } from './store/end-person.ts';

/** Forgets what was kept for somebody who was removed: inbox, preferences, mails that wait, and webhooks with their deliveries. */
export async function endPerson(tx: Transaction, userId: UserId): Promise<void> {
  for (const sql of endPersonsRows) await tx.query(sql, [tx.tenantId, userId]);
}
