import type { EntryId } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import { contentRange, noneMatchFails, parseRange, rangeHolds, reply, type Reply } from '@driftbox/service-kit';
import { beginStream } from './begin-stream.ts';
import type { Context } from './context.ts';
import { contentCaching, contentHeaders, etagOf } from './content-headers.ts';
import { readContent, type Located, type Reading } from './read-content.ts';

/** What of a file is wanted, and how. */
export type ContentRequest = {
  readonly entry: EntryId;
  readonly rev?: number | undefined;
  readonly disposition: 'attachment' | 'inline';
  readonly headers: Readonly<Record<string, string | undefined>>;
};

/** Asks metadata what the file consists of: also the check that this user may read it. Throws `not_found`. */
export function locate(context: Context, reading: Reading, entry: string, rev: number | undefined): Promise<Located> {
  return context.metadata.client.call(routes.locateContent, {
    ...context.metadata.as(reading),
    params: { drive: reading.drive, entry },
    query: rev === undefined ? {} : { rev },
  });
}

/**
 * Answers a file's bytes by RFC 9110: 304 for a client that has them, 206 for one range, 416 for none of them; several
 * ranges at once are answered by the whole. While it streams, read access is asked again every `recheckMs`.
 */
export async function answerContent(context: Context, by: Reading, request: ContentRequest): Promise<Reply> {
  const reading = { ...by, entry: request.entry };
  const file = await locate(context, reading, request.entry, request.rev);
  const etag = etagOf(request.entry, file.rev);
  const headers = contentHeaders(file, etag, request.disposition);
  if (noneMatchFails(request.headers['if-none-match'], etag))
    return reply({ status: 304, headers: { etag, 'cache-control': contentCaching }, body: new Uint8Array() });
  const asked = rangeHolds(request.headers['if-range'], etag) ? request.headers['range'] : undefined;
  const range = parseRange(asked, file.sizeBytes);
  if (range.kind === 'unsatisfiable') {
    return reply({
      status: 416,
      headers: { 'content-range': contentRange(range, file.sizeBytes), 'content-type': 'text/plain' },
      body: new Uint8Array(),
    });
  }
  const [start, end] = range.kind === 'part' ? [range.start, range.end + 1] : [0, file.sizeBytes];
  const recheck = rechecker(context, reading);
  const body = end === start ? new Uint8Array() : await beginStream(readContent(context, reading, file, start, end, recheck));
  const sized = { ...headers, 'content-length': String(end - start) };
  return reply(
    range.kind === 'part'
      ? { status: 206, headers: { ...sized, 'content-range': contentRange(range, file.sizeBytes) }, body }
      : { status: 200, headers: sized, body },
  );
}

/** A check of read access to the entry that asks metadata at most every `recheckMs`. Throws once the access is gone. */
function rechecker(context: Context, reading: Reading): () => Promise<void> {
  let checkedMs = context.nowMs();
  return async () => {
    const nowMs = context.nowMs();
    const passedMs = nowMs - checkedMs;
    // A clock that was set back says nothing of how long ago it was.
    if (passedMs >= 0 && passedMs < context.settings.recheckMs) return;
    checkedMs = nowMs;
    await context.metadata.client
      .call(routes.checkAccess, {
        ...context.metadata.as(reading),
        params: { drive: reading.drive },
        body: { verb: 'read', entry: reading.entry },
      })
      .catch((error: unknown) => {
        throw error instanceof Problem && error.retryable ? error : new Problem('not_found', undefined, { cause: error });
      });
  };
}
