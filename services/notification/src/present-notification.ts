import type { Notification } from '@driftbox/protocol';
import type { NotificationRow } from './store/inbox.ts';
import { textOf } from './text-of.ts';

/** A notification as people and programs see it. */
export function presentNotification({ notificationId, kind, data, atMs, readMs }: NotificationRow): Notification {
  return {
    notificationId,
    kind,
    text: textOf(kind, data),
    data,
    at: new Date(atMs).toISOString(),
    ...(readMs === null ? {} : { readAt: new Date(readMs).toISOString() }),
  };
}
