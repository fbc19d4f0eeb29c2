export { createNotification, type Notification, type NotificationOptions } from './app.ts';

/** The folder of notification's migrations, for `migrate` of the postgres package. */
export const migrations = new URL('../migrations/', import.meta.url);
