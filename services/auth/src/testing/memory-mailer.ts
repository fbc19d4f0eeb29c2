import type { Mail, Mailer } from '../mail/mailer.ts';

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

/** The secret in a mail's text. */
export function secretIn(mail: Mail | undefined): string {
  const [secret] = /[0-9a-f]{64}/.exec(mail?.text ?? '') ?? [];
  if (secret === undefined) throw new Error('the mail holds no secret');
  return secret;
}
