import { statement } from '@driftbox/postgres';

/** At most $3 notifications before $2; those that nobody has read count no longer. */
export const sweepNotifications = statement({
  name: 'notification.sweep',
  text: `WITH gone AS (
    DELETE FROM notifications
    WHERE tenant = $1 AND ctid = ANY (ARRAY(SELECT ctid FROM notifications WHERE tenant = $1 AND at < $2 LIMIT $3))
    RETURNING user_id, read_at
  ), unread AS (
    UPDATE inboxes i SET unread = i.unread - g.count
    FROM (SELECT user_id, count(*)::integer AS count FROM gone WHERE read_at IS NULL GROUP BY user_id) g
    WHERE i.tenant = $1 AND i.user_id = g.user_id
  )
  SELECT count(*)::integer AS swept FROM gone`,
});

/** At most $3 lines of mails before $2 that are done. */
export const sweepMails = statement({
  name: 'notification.sweep-mails',
  text: `WITH gone AS (
    DELETE FROM mails WHERE tenant = $1 AND ctid = ANY (
      ARRAY(SELECT ctid FROM mails WHERE tenant = $1 AND created_at < $2 AND done_at IS NOT NULL LIMIT $3)) RETURNING 1
  ) SELECT count(*)::integer AS swept FROM gone`,
});

/** At most $3 deliveries before $2 that wait no more. */
export const sweepDeliveries = statement({
  name: 'notification.sweep-deliveries',
  text: `WITH gone AS (
    DELETE FROM deliveries WHERE tenant = $1 AND ctid = ANY (
      ARRAY(SELECT ctid FROM deliveries WHERE tenant = $1 AND created_at < $2 AND state <> 'waiting' LIMIT $3)) RETURNING 1
  ) SELECT count(*)::integer AS swept FROM gone`,
});
