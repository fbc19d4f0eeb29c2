import { createFileMailer } from './file-mailer.ts';
import type { Mailer } from './mailer.ts';
import { createSmtpMailer } from './smtp-mailer.ts';

/** Where mails go: to the server of `smtpUrl`, or as files into `folder` where there is none. */
export type MailSettings = { readonly smtpUrl: string | undefined; readonly folder: string; readonly from: string };

/** The mailer of a process. Connects to nothing before the first mail. */
export function openMailer({ smtpUrl, folder, from }: MailSettings): Mailer {
  return smtpUrl === undefined ? createFileMailer(folder, from) : createSmtpMailer(smtpUrl, from);
}
