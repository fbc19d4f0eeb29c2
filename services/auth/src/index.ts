export { createAuth, type Auth, type AuthOptions } from './app.ts';
export { authConfig } from './config.ts';
export { accountsTopic } from './events.ts';
export { createFileMailer } from './mail/file-mailer.ts';
export type { Mail, Mailer } from './mail/mailer.ts';
export { createSmtpMailer } from './mail/smtp-mailer.ts';

/** The folder of auth's migrations. */
export const migrations = new URL('../migrations/', import.meta.url);
