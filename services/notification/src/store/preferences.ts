import { statement } from '@driftbox/postgres';

/** What these people have said of how they are told. */
export const readPreferences = statement({
  name: 'notification.read-preferences',
  text: 'SELECT user_id AS "userId", changes FROM preferences WHERE tenant = $1 AND user_id = ANY($2)',
});

/** Changing one person's: a row is there, is locked, and holds what is said now. */
export const writePreferences = {
  insert: statement({
    name: 'notification.insert-preferences',
    text: `INSERT INTO preferences (tenant, user_id, changes) VALUES ($1, $2, '{}') ON CONFLICT DO NOTHING`,
  }),
  lock: statement({
    name: 'notification.lock-preferences',
    text: 'SELECT user_id AS "userId", changes FROM preferences WHERE tenant = $1 AND user_id = $2 FOR UPDATE',
  }),
  update: statement({
    name: 'notification.update-preferences',
    text: 'UPDATE preferences SET changes = $3 WHERE tenant = $1 AND user_id = $2',
  }),
};
