export { createFileMailer } from './file-mailer.ts';
export { MailQueue } from './mail-queue.ts';
export type { Mail, Mailer } from './mailer.ts';
export { createMemoryMailer } from './memory-mailer.ts';
export { openMailer, type MailSettings } from './open-mailer.ts';
export { createSmtpMailer } from './smtp-mailer.ts';
