import { routes, type Entry } from '@driftbox/protocol';
import { commitFile } from './commit-file.ts';
import type { Context } from './context.ts';
import { findTarget, placeOf } from './find-target.ts';
import { outcomeProblem } from './outcome-problem.ts';
import type { AtWork } from './possession.ts';
import { receiveFile } from './receive-file.ts';

/** A file as it is put: `path` from the drive's root on, `mtime` in RFC 3339 (now if not given), `headers` with names in lower case. */
export type PutFileRequest = {
  readonly path: string;
  readonly mtime?: string | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
};

/**
 * Writes one file: what is at the path is looked up first, `If-Match` and `If-None-Match` are held against it before a
 * byte is read, and it is the base of the commit, so that a change in between is a `revision_conflict` and never lost.
 */
export async function putFile(
  context: Context,
  work: AtWork & { readonly signal: AbortSignal },
  request: PutFileRequest,
): Promise<{ entry: Entry; created: boolean }> {
  const { path, headers } = request;
  const target = await findTarget(context, work, path, { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] });
  const length = Number(headers['content-length'] ?? Number.NaN);
  const file = await receiveFile(context, work, request.body, Number.isSafeInteger(length) ? length : undefined);
  const outcome = await commitFile(context, work, file, placeOf(target, request.mtime));
  if (outcome.outcome !== 'committed') throw outcomeProblem(outcome);
  return { entry: await readEntry(context, work, request, outcome.entryId), created: target.entry === undefined };
}

/** The entry as metadata shows it to this user: asked for under the user's own authorisation. */
function readEntry(context: Context, work: AtWork, request: PutFileRequest, entry: Entry['entryId']): Promise<Entry> {
  const { authorization = '', host } = request.headers;
  return context.metadata.client.call(routes.getEntry, {
    params: { drive: work.drive, entry },
    token: () => Promise.resolve(undefined),
    headers: { authorization, ...(host === undefined ? {} : { host }) },
  });
}
