import type { Mail } from '@driftbox/mail';

/** The secret in a mail's text. */
export function secretIn(mail: Mail | undefined): string {
  const [secret] = /[0-9a-f]{64}/.exec(mail?.text ?? '') ?? [];
  if (secret === undefined) throw new Error('the mail holds no secret');
  return secret;
}
