export { createNotification, type Notification, type NotificationOptions } from './app.ts';
export { readWebhooks, webhookSettings } from './webhook-settings.ts';

/** The folder of notification's migrations, for `migrate` of the postgres package. */
export const migrations = new URL('../migrations/', import.meta.url);
