import { statement } from '@driftbox/postgres';
import type { NotificationKind } from '@driftbox/protocol';

/** A notification as it is stored, times in milliseconds. */
export type NotificationRow = {
  readonly notificationId: string;
  readonly kind: NotificationKind;
  readonly data: Readonly<Record<string, string>>;
  readonly atMs: number;
  readonly readMs: number | null;
};

/** A person's ($2), those before an id ($3), the unread alone ($4): newest first. */
export const listNotifications = statement({
  name: 'notification.list',
  text: `SELECT notification_id AS "notificationId", kind, data, at AS "atMs", read_at AS "readMs" FROM notifications
  WHERE tenant = $1 AND user_id = $2 AND ($3::uuid IS NULL OR notification_id < $3) AND (NOT $4 OR read_at IS NULL)
  ORDER BY notification_id DESC LIMIT $5`,
});

export const countUnread = statement({
  name: 'notification.count-unread',
  text: 'SELECT unread FROM inboxes WHERE tenant = $1 AND user_id = $2',
});

/** The same, held until the transaction ends. */
export const lockInbox = statement({
  name: 'notification.lock-inbox',
  text: 'SELECT unread FROM inboxes WHERE tenant = $1 AND user_id = $2 FOR UPDATE',
});

/** Those of a person's that are unread: these ($3), or all. */
export const markRead = statement({
  name: 'notification.mark-read',
  text: `UPDATE notifications SET read_at = $4 WHERE tenant = $1 AND user_id = $2 AND read_at IS NULL
    AND ($3::uuid[] IS NULL OR notification_id = ANY($3))`,
});

export const takeUnread = statement({
  name: 'notification.take-unread',
  text: 'UPDATE inboxes SET unread = unread - $3 WHERE tenant = $1 AND user_id = $2',
});
