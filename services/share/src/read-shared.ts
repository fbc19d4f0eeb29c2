import type { EntryId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { reply, type Reply } from '@driftbox/service-kit';
import type { StreamAnswer } from '@driftbox/api-client';
import { asHolder } from './acting.ts';
import type { Context } from './context.ts';
import type { Visit } from './enter-link.ts';
import type { LinkRow } from './store/link-row.ts';
import { whileLasting } from './while-lasting.ts';

/** What of upload's answer is the visitor's. */
const passedOn = [
  'content-type',
  'content-length',
  'content-range',
  'content-disposition',
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'cache-control',
  'accept-ranges',
  'last-modified',
  'etag',
];
/** What of the visitor's request upload must know. */
const asked = ['range', 'if-range', 'if-none-match'];

type Headers = Readonly<Record<string, string | undefined>>;

function pick(headers: Headers, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

/** The bytes of a file at or below a link's entry, as upload answers them. Throws `not_found`. */
export function openContent(
  context: Context,
  visit: Visit,
  link: LinkRow,
  file: { readonly entryId: EntryId; readonly rev?: number | undefined },
  headers: Headers = {},
): Promise<StreamAnswer> {
  return context.upload.stream(routes.readLinkedContent, {
    ...asHolder(context, visit.tenantId, link, visit.signal),
    params: { drive: link.drive, entry: file.entryId },
    query: file.rev === undefined ? {} : { rev: file.rev },
    headers: pick(headers, asked),
  });
}

/** The same as the answer to a visitor; it ends in the middle when the link does. */
export async function answerContent(
  context: Context,
  visit: Visit,
  link: LinkRow,
  file: { readonly entryId: EntryId; readonly rev?: number | undefined },
  headers: Headers,
): Promise<Reply> {
  const answer = await openContent(context, visit, link, file, headers);
  const body = whileLasting(context, visit.tenantId, link, answer.body);
  return reply({ status: answer.status, headers: pick(answer.headers, passedOn), body });
}
