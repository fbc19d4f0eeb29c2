import { statement } from '@driftbox/postgres';

/**
 * One notification ($5, $6) of an event ($4) for each person ($2) under an id ($3), unless they have it. Answers who had not, and
 * how much is unread now.
 */
export const insertNotifications = statement({
  name: 'notification.insert-notifications',
  text: `WITH told AS (
    INSERT INTO notifications (tenant, notification_id, user_id, event_id, kind, data, at)
    SELECT $1, notification_id, user_id, $4, $5, $6, $7 FROM unnest($2::uuid[], $3::uuid[]) AS one (user_id, notification_id)
    ON CONFLICT (tenant, user_id, event_id) DO NOTHING RETURNING user_id
  )
  INSERT INTO inboxes (tenant, user_id, unread) SELECT $1, user_id, 1 FROM told ORDER BY user_id
  ON CONFLICT (tenant, user_id) DO UPDATE SET unread = inboxes.unread + 1
  RETURNING user_id AS "userId", unread`,
});
