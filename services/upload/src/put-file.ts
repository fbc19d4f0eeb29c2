import { randomBytes, randomUUID } from 'node:crypto';
import { digestOf } from '@driftbox/chunking';
import { buildChunkList, parseEntryId, type EntryId, type UploadId, type WriteId } from '@driftbox/domain';
import { Problem, routes, type AnswerOf, type Entry, type WireOperation } from '@driftbox/protocol';
import { matchFails, noneMatchFails } from '@driftbox/service-kit';
import { commitOperations } from './commit-operations.ts';
import { etagOf } from './content-headers.ts';
import type { Context } from './context.ts';
import { outcomeProblem } from './outcome-problem.ts';
import type { AtWork } from './possession.ts';
import { receiveFile } from './receive-file.ts';
import { keepBlocks } from './resolve-list.ts';
import { present } from './present.ts';

export type PutFileRequest = {
  readonly path: string;
  readonly mtime?: string | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
};

type Target = AnswerOf<typeof routes.resolveForWrite>;

/** A UUIDv7 (RFC 9562 §5.7), as clients make them for new entries. */
function newEntryId(nowMs: number): EntryId {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const text = bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return present(parseEntryId(text), 'sixteen bytes make a UUID');
}

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
  const list = buildChunkList(file.chunks, digestOf);
  const implicitUpload = randomUUID() as UploadId;
  await keepBlocks(context, work, implicitUpload, list);
  const entryId = target.entry?.entryId ?? newEntryId(context.nowMs());
  const mtime = request.mtime ?? new Date(context.nowMs()).toISOString();
  const place = target.entry === undefined ? { parentId: target.parentId, name: target.name } : {};
  const content = list.form === 'inline' ? { chunkList: [...list.chunks] } : { listId: list.listId };
  const operation: WireOperation = {
    op: 'putFile',
    writeId: randomUUID() as WriteId,
    entryId,
    ...place,
    ...content,
    sizeBytes: file.sizeBytes,
    mtime,
    baseRev: target.entry?.rev ?? null,
  };
  const answer = await commitOperations(context, work, {
    driveEpoch: target.driveEpoch,
    operations: [operation],
    atomic: false,
    proven: file.proven,
    implicitUpload,
  });
  const outcome = present(answer.outcomes[0], 'one operation has one outcome');
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
