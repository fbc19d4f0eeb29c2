import type { Mail } from '@driftbox/mail';
import type { NotificationKind } from '@driftbox/protocol';
import { textOf } from '../text-of.ts';

/** What one mail tells. */
export type Line = { readonly kind: NotificationKind; readonly data: Readonly<Record<string, string>> };

const mostLines = 50;
const mostOfSubject = 150;

/**
 * One mail of these lines, in plain text and in HTML. `unsubscribe` is the address by which mail programs end mails of these kinds
 * with one click (RFC 2369, RFC 8058); without one the mail says by which command.
 */
export function writeMail(to: string, name: string, lines: readonly Line[], unsubscribe: string | undefined): Mail {
  const texts = lines.slice(0, mostLines).map(({ kind, data }) => textOf(kind, data));
  const [first = ''] = texts;
  const more = lines.length - texts.length;
  const all = more > 0 ? [...texts, `and ${more} more: driftbox notifications`] : texts;
  const kinds = [...new Set(lines.map(({ kind }) => kind))];
  const end = `To get no more mails of this kind: ${kinds.map((kind) => `driftbox notifications set ${kind} email off`).join('; ')}`;
  const hello = name === '' ? 'Hello,' : `Hello ${name},`;
  return {
    to,
    subject: lines.length === 1 ? first.slice(0, mostOfSubject) : `${lines.length} notifications`,
    text: `${hello}\n\n${all.map((one) => `- ${one}\n`).join('')}\n${end}\n`,
    html: `<p>${escaped(hello)}</p><ul>${all.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul><p><small>${escaped(end)}</small></p>`,
    headers:
      unsubscribe === undefined ? {} : { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '');
}
