import { statement, type Statement } from '@driftbox/postgres';

const rows = (table: string, column: string): Statement =>
  statement({ name: `notification.end-person-${table}`, text: `DELETE FROM ${table} WHERE tenant = $1 AND ${column} = $2` });

/** Everything that is kept for one person ($2). */
export const endPersonsRows: readonly Statement[] = [
  rows('mails', 'user_id'),
  rows('notifications', 'user_id'),
  rows('inboxes', 'user_id'),
  rows('preferences', 'user_id'),
  rows('webhooks', 'owner'),
];
