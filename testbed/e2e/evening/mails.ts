import { waitFor } from '@driftbox/testkit';
import type { ReceivedMail } from '../../components/servers/smtp.ts';
import { patience, type Place } from './place.ts';

/** The newest mail to somebody whose subject or text has these words, once it has come. */
export function mailTo({ mails }: Place, email: string, words: string): Promise<ReceivedMail> {
  const isIt = (mail: ReceivedMail): boolean => mail.to.includes(email) && textOf(mail).includes(words);
  return waitFor(() => mails.findLast(isIt), { ...patience, what: `a mail to ${email} with "${words}"` });
}

/** The secret that a mail brings: 32 bytes in hexadecimal. */
export function secretIn(mail: ReceivedMail): string {
  const secret = /\b[0-9a-f]{64}\b/.exec(textOf(mail))?.[0];
  if (secret === undefined) throw new Error(`no secret in the mail:\n${mail.message}`);
  return secret;
}

/** A mail's words, its quoted-printable lines put together again. */
function textOf({ message }: ReceivedMail): string {
  return message.replaceAll(/=\r?\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
