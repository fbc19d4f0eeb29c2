import type { UserId } from '@driftbox/domain';
import { appendOutbox, type Transaction } from '@driftbox/postgres';

/** Where people's sockets learn what is unread; keyed by user, so that the newest count comes last. */
export const noticesTopic = 'driftbox.notices';

/** So many of a person's notifications are unread now. */
export function inboxChanged(tx: Transaction, userId: UserId, unread: number): void {
  appendOutbox(tx, { topic: noticesTopic, key: userId, type: 'inbox.changed', subject: userId, data: { userId, unread } });
}
