import type { Mail, Mailer } from './mailer.ts';

/** Keeps mails for tests to read. */
export function createMemoryMailer(): Mailer & { readonly mails: Mail[] } {
  const mails: Mail[] = [];
  return {
    mails,
    send(mail) {
      mails.push(mail);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
