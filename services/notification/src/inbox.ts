import type { TenantId, UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { inboxChanged } from './events.ts';
import { countUnread, listNotifications, lockInbox, markRead, takeUnread, type NotificationRow } from './store/inbox.ts';

/** Whose inbox. */
export type Owner = { readonly tenantId: TenantId; readonly userId: UserId; readonly signal?: AbortSignal };

/** Which notifications: those before an id, newest first. */
type InboxPage = { readonly of: 'all' | 'unread'; readonly before: string | undefined; readonly limit: number };

/** A page of somebody's notifications, and how many of all are unread. */
export function listInbox(
  database: Database,
  { tenantId, userId, signal }: Owner,
  { of, before, limit }: InboxPage,
): Promise<{ rows: NotificationRow[]; unread: number }> {
  return database.transaction(
    tenantId,
    async (tx) => {
      const [page, count] = await Promise.all([
        tx.query<NotificationRow>(listNotifications, [tenantId, userId, before ?? null, of === 'unread', limit]),
        tx.last<{ unread: number }>(countUnread, [tenantId, userId]),
      ]);
      return { rows: page.rows, unread: count.rows[0]?.unread ?? 0 };
    },
    { readOnly: true, signal },
  );
}

/** Marks these as read, or without any named all that are there now. Answers how many are unread then. */
export function readInbox(
  database: Database,
  { tenantId, userId, signal }: Owner,
  notifications: readonly string[] | undefined,
  nowMs: number,
): Promise<number> {
  return database.transaction(
    tenantId,
    async (tx) => {
      const [inbox] = (await tx.query<{ unread: number }>(lockInbox, [tenantId, userId])).rows;
      if (inbox === undefined) return 0;
      const { rowCount } = await tx.query(markRead, [tenantId, userId, notifications ?? null, new Date(nowMs)]);
      if (rowCount === null || rowCount === 0) return inbox.unread;
      const unread = inbox.unread - rowCount;
      tx.defer(takeUnread, [tenantId, userId, rowCount]);
      inboxChanged(tx, userId, unread);
      return unread;
    },
    { idempotent: true, signal },
  );
}
