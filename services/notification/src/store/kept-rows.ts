import type { TenantRows } from '@driftbox/postgres';

/** What backups keep of a tenant here. What was on its way when the backup was made is left out: it was sent, or is too late. */
export const keptRows: TenantRows = {
  tables: [
    { name: 'preferences', order: 'user_id' },
    { name: 'inboxes', order: 'user_id' },
    { name: 'notifications', order: 'user_id, notification_id' },
    { name: 'webhooks', order: 'webhook_id', without: ['waiting', 'due_at', 'failing_since', 'failures'] },
  ],
  emptied: ['mails', 'deliveries'],
};
