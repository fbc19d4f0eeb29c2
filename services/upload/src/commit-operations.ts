import { randomUUID } from 'node:crypto';
import { inlineChunks, type CommitId, type Digest, type UploadId } from '@driftbox/domain';
import { Problem, type CheckedOperation, type CommitAnswer, type WireOperation, type WireOutcome } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { forwardCommit } from './forward-commit.ts';
import { findPossessed, type AtWork } from './possession.ts';
import { resolveList, type Resolved } from './resolve-list.ts';
import { pinCommit } from './store/pin-commit.ts';
import { present } from './present.ts';

/** A commit as a client sent it, and what the same request has proven already. */
export type CommitRequest = {
  readonly driveEpoch: string;
  readonly uploadId?: UploadId | undefined;
  readonly operations: readonly WireOperation[];
  readonly atomic: boolean;
  readonly proven: ReadonlySet<Digest>;
  /** The upload that carried list blocks without being named by the client; it ends with the answer. */
  readonly implicitUpload: UploadId;
};

/** The digest that no bytes have: metadata answers `chunk_missing` for it, wherever it is named. */
const nothing = '0'.repeat(64) as Digest;

/**
 * Checks and forwards a commit. Every chunk of every file must be possessed by the drive (or proven by this request),
 * be in the pool, and have the size stated; it is pinned under the commit's id before metadata hears of the commit, and
 * until metadata has answered. What fails here is forwarded without its content, so that metadata, which alone knows
 * the drive's newest `seq` and earlier answers, still decides in order; then the reason found here is put in.
 */
export async function commitOperations(context: Context, work: AtWork, request: CommitRequest): Promise<CommitAnswer> {
  const uploadId = request.uploadId ?? request.implicitUpload;
  const contents = await resolveAll(context, work, uploadId, request.operations);
  const lacking = await findLacking(context, work, request, contents);
  const commitId = randomUUID() as CommitId;
  const digests = new Set(contents.flatMap((content) => digestsOf(content).filter((digest) => !lacking.has(digest))));
  const { commitBy, sizes } = await pinCommit(context.database, work.tenantId, commitId, context.settings.commitWithinMs, digests);
  const refused = new Map<number, WireOutcome>();
  const operations = request.operations.map((operation, index): CheckedOperation => {
    if (operation.op !== 'putFile') return operation;
    const content = present(contents[index], 'every file was resolved');
    const outcome = judge(content, operation.sizeBytes, lacking, sizes);
    if (outcome !== undefined) refused.set(index, outcome);
    return checkedFile(operation, outcome === undefined ? content : undefined, sizes);
  });
  const answer = await forwardCommit(
    context,
    work,
    {
      commitId,
      commitBy,
      driveEpoch: request.driveEpoch,
      uploadId,
      operations,
      atomic: request.atomic,
    },
    digests.size > 0,
  );
  return { ...answer, outcomes: answer.outcomes.map((outcome, index) => explain(outcome, refused.get(index))) };
}

async function resolveAll(
  context: Context,
  work: AtWork,
  uploadId: UploadId,
  operations: readonly WireOperation[],
): Promise<(Resolved | undefined)[]> {
  const contents: (Resolved | undefined)[] = [];
  for (const operation of operations) {
    contents.push(operation.op === 'putFile' ? await resolveList(context, work, uploadId, operation) : undefined);
  }
  return contents;
}

function digestsOf(content: Resolved | undefined): Digest[] {
  if (content === undefined || !content.ok) return [];
  return content.chunks === undefined ? [content.listId] : content.chunks.map((chunk) => chunk.digest);
}

/** The chunks named that neither this request nor anything earlier proved to the drive. Also the check of write access. */
async function findLacking(
  context: Context,
  work: AtWork,
  request: CommitRequest,
  contents: readonly (Resolved | undefined)[],
): Promise<Set<Digest>> {
  const unproven = [...new Set(contents.flatMap(digestsOf))].filter((digest) => !request.proven.has(digest));
  if (unproven.length === 0) return new Set();
  const possessed = await findPossessed(context, work, 'write', unproven);
  return new Set(unproven.filter((digest) => !possessed.has(digest)));
}

function judge(
  content: Resolved,
  sizeBytes: number,
  lacking: ReadonlySet<Digest>,
  sizes: ReadonlyMap<Digest, number>,
): WireOutcome | undefined {
  if (!content.ok) return content.outcome;
  if (content.chunks === undefined) return wrongSize(sizes.get(content.listId), sizeBytes);
  const absent = new Set(content.chunks.filter(({ digest }) => lacking.has(digest) || !sizes.has(digest)).map(({ digest }) => digest));
  if (absent.size > 0) return { outcome: 'chunk_missing', digests: [...absent].slice(0, 10_000) };
  return content.chunks.some((chunk) => sizes.get(chunk.digest) !== chunk.sizeBytes)
    ? { outcome: 'invalid_argument', detail: 'a chunk has another size' }
    : undefined;
}

/** A list named by its id alone: a chunk of another size contradicts it; no chunk at all is metadata's to judge. */
function wrongSize(actualBytes: number | undefined, sizeBytes: number): WireOutcome | undefined {
  return actualBytes === undefined || actualBytes === sizeBytes
    ? undefined
    : { outcome: 'invalid_argument', detail: 'the chunk has another size' };
}

function checkedFile(
  operation: Extract<WireOperation, { op: 'putFile' }>,
  content: Resolved | undefined,
  sizes: ReadonlyMap<Digest, number>,
): CheckedOperation {
  const { chunkList: _list, chunkListDelta: _delta, listId: _id, ...rest } = operation;
  if (content === undefined || !content.ok) return { ...rest, sizeBytes: Math.max(1, rest.sizeBytes), listId: nothing };
  const { listId } = content;
  // A one-chunk list is called by its chunk's digest; any other id alone is a list that metadata knows, or nobody.
  const chunks = content.chunks ?? (sizes.has(listId) ? [{ digest: listId, sizeBytes: rest.sizeBytes }] : undefined);
  return chunks !== undefined && chunks.length <= inlineChunks ? { ...rest, listId, chunkList: [...chunks] } : { ...rest, listId };
}

function explain(outcome: WireOutcome, refused: WireOutcome | undefined): WireOutcome {
  if (outcome.outcome !== 'chunk_missing') return outcome;
  if (refused !== undefined) return refused;
  if (outcome.digests.includes(nothing)) throw new Problem('internal', 'A refusal has no reason');
  return outcome;
}
