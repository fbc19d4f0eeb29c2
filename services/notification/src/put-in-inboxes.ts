import type { UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { newId } from '@driftbox/service-kit';
import { inboxChanged } from './events.ts';
import type { Told } from './notifications-of.ts';
import { insertNotifications } from './store/insert-notifications.ts';

type Reached = { readonly userId: UserId; readonly unread: number };

/**
 * Puts a notification into the inbox of each of `people` who has not got it of this event, and tells their sockets how much is
 * unread. Answers how many got it.
 */
export async function putInInboxes(tx: Transaction, { kind, people, data }: Told, eventId: string, nowMs: number): Promise<number> {
  if (people.length === 0) return 0;
  // Everybody locks inboxes in one order.
  const sorted = [...new Set(people)].toSorted();
  const ids = sorted.map(() => newId(nowMs));
  const { rows } = await tx.query<Reached>(insertNotifications, [tx.tenantId, sorted, ids, eventId, kind, data, new Date(nowMs)]);
  for (const { userId, unread } of rows) inboxChanged(tx, userId, unread);
  return rows.length;
}
