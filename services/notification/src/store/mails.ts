import { statement } from '@driftbox/postgres';

/** A line ($5, $6) of an event ($4) for each person ($2) under an id ($3), due at ($8), unless they have it; answers how many had not. */
export const insertMails = statement({
  name: 'notification.insert-mails',
  text: `WITH added AS (
    INSERT INTO mails (tenant, mail_id, user_id, event_id, kind, data, created_at, due_at, first_due_at)
    SELECT $1, mail_id, user_id, $4, $5, $6, $7, due_at, due_at
    FROM unnest($2::uuid[], $3::uuid[], $8::timestamptz[]) AS one (user_id, mail_id, due_at)
    ON CONFLICT (tenant, user_id, event_id) DO NOTHING RETURNING 1
  ) SELECT count(*)::integer AS added FROM added`,
});

/** People of all tenants whom something is to be mailed now ($1), at most $2. */
export const peopleDue = statement({
  name: 'notification.people-due',
  text: 'SELECT tenant AS "tenantId", user_id AS "userId" FROM people_due($1, $2)',
});

/** Takes what is due for a person ($2) now ($3): nobody else takes it before $4. */
export const claimMails = statement({
  name: 'notification.claim-mails',
  text: `UPDATE mails SET due_at = $4, attempts = attempts + 1 WHERE tenant = $1 AND user_id = $2 AND done_at IS NULL AND due_at <= $3
  RETURNING mail_id AS "mailId", kind, data, attempts`,
});

/** These are sent, or given up. */
export const finishMails = statement({
  name: 'notification.finish-mails',
  text: 'UPDATE mails SET done_at = $3 WHERE tenant = $1 AND mail_id = ANY($2)',
});

/** These are tried again. */
export const postponeMails = statement({
  name: 'notification.postpone-mails',
  text: 'UPDATE mails SET due_at = $3 WHERE tenant = $1 AND mail_id = ANY($2)',
});

/** What waits of kinds ($3) that a person does not want any more. */
export const dropMails = statement({
  name: 'notification.drop-mails',
  text: 'UPDATE mails SET done_at = $4 WHERE tenant = $1 AND user_id = $2 AND kind = ANY($3) AND done_at IS NULL',
});
