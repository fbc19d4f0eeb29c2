import type { EntryId } from '@driftbox/domain';
import { Problem, routes, type AnswerOf, type Entry } from '@driftbox/protocol';
import { matchFails, noneMatchFails } from '@driftbox/service-kit';
import { commitFile } from './commit-file.ts';
import { etagOf } from './content-headers.ts';
import type { Context } from './context.ts';
import { outcomeProblem } from './outcome-problem.ts';
import type { AtWork } from './possession.ts';
import { receiveFile } from './receive-file.ts';

export type PutFileRequest = {
  readonly path: string;
  readonly mtime?: string | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
};

type Target = AnswerOf<typeof routes.resolveForWrite>;

/**
 * Writes one file: what is at the path is looked up first, `If-Match` and `If-None-Match` are held against it before a
 * byte is read, and it is the base of the commit, so that a change in between is a `revision_conflict` and never lost.
 */
export async function putFile(
  context: Context,
  work: AtWork & { readonly signal: AbortSignal },
  request: PutFileRequest,
): Promise<{ entry: Entry; created: boolean }> {
  const { client, as } = context.metadata;
  const target = await client.call(routes.resolveForWrite, { ...as(work), params: { drive: work.drive }, body: { path: request.path } });
  checkPreconditions(target, request.headers);
  if (target.entry !== undefined && target.entry.kind !== 'file') throw new Problem('name_taken', 'What is there is not a file');
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  const file = await receiveFile(context, work, request.body, Number.isSafeInteger(length) ? length : undefined);
  const outcome = await commitFile(context, work, file, {
    driveEpoch: target.driveEpoch,
    mtime: request.mtime,
    ...(target.entry === undefined
      ? { parentId: target.parentId, name: target.name }
      : { entryId: target.entry.entryId, rev: target.entry.rev }),
  });
  if (outcome.outcome !== 'committed') throw outcomeProblem(outcome);
  return { entry: await readEntry(context, work, request, outcome.entryId), created: target.entry === undefined };
}

/** RFC 9110 §13.1.1 and §13.1.2. The state a client had not seen is a `revision_conflict`, a name it thought free is `name_taken`. */
function checkPreconditions(target: Target, headers: PutFileRequest['headers']): void {
  const current = target.entry === undefined ? undefined : etagOf(target.entry.entryId, target.entry.rev);
  if (noneMatchFails(headers['if-none-match'], current)) throw new Problem('name_taken', 'There is a file already');
  if (matchFails(headers['if-match'], current)) throw new Problem('revision_conflict', undefined, { details: { etag: current } });
}

/** The entry as metadata shows it to this user: asked for under the user's own authorisation. */
function readEntry(context: Context, work: AtWork, request: PutFileRequest, entryId: EntryId): Promise<Entry> {
  const { authorization = '', host } = request.headers;
  return context.metadata.client.call(routes.getEntry, {
    params: { drive: work.drive, entry: entryId },
    token: () => Promise.resolve(undefined),
    headers: { authorization, ...(host === undefined ? {} : { host }) },
  });
}
