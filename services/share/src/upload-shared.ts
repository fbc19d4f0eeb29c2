import { routes, type AnswerOf, type Routes } from '@driftbox/protocol';
import { asHolder } from './acting.ts';
import type { Context } from './context.ts';
import { enterLink, type Visit } from './enter-link.ts';
import { countUploaded } from './use-link.ts';
import { whileLasting } from './while-lasting.ts';

/** A file that somebody sends. */
export type Sent = {
  readonly name: string;
  readonly mtime?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
};

/**
 * Puts a file into the folder of a file request, in the name of who made the request. All of it comes or nothing is there. Throws
 * `not_found`, `unauthenticated`, and what a commit throws.
 */
export async function uploadShared(context: Context, visit: Visit, sent: Sent): Promise<AnswerOf<Routes['uploadShared']>> {
  const { link } = await enterLink(context, visit, 'uploader');
  const { name, mtime, sizeBytes } = sent;
  const answer = await context.upload.stream(routes.putLinkedFile, {
    ...asHolder(context, visit.tenantId, link, visit.signal),
    params: { drive: link.drive, entry: link.entryId },
    query: { name, ...(mtime === undefined ? {} : { mtime }), ...(sizeBytes === undefined ? {} : { sizeBytes }) },
    headers: { 'content-type': 'application/octet-stream' },
    body: whileLasting(context, visit.tenantId, link, sent.body),
  });
  const put = routes.putLinkedFile.answer.parse(await answer.json());
  await countUploaded(context, visit, link, put.entryId, put.name);
  return { name: put.name, sizeBytes: put.sizeBytes };
}
