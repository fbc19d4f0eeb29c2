import { createHash } from 'node:crypto';
import { listIdOf, parseDigest, type Content, type Digest, type Hash, type Operation, type Outcome } from '@driftbox/domain';
import type { CheckedOperation } from '@driftbox/protocol';
import { present } from './store/present.ts';

export const sha256: Hash = (bytes) => present(parseDigest(createHash('sha256').update(bytes).digest('hex')));

type PutFile = Extract<CheckedOperation, { op: 'putFile' }>;
/** What metadata knows about a list that a putFile named without its chunks; its chunks stay out when it is segmented. */
export type KnownLists = ReadonlyMap<Digest, Pick<Content, 'chunks'>>;

/** The ids of lists that operations name without saying what is in them. */
export function unknownLists(operations: readonly CheckedOperation[]): Digest[] {
  return [...new Set(operations.flatMap((o) => (o.op === 'putFile' && o.chunkList === undefined && o.sizeBytes > 0 ? [o.listId] : [])))];
}

/** The operation as the rule takes it: times in ms, and a file's content in one piece. */
export function toDomain(operation: CheckedOperation, known: KnownLists): Operation {
  if (operation.op === 'putFile') {
    const { sizeBytes, listId, chunkList, mtime, ...rest } = operation;
    const chunks = chunkList ?? (sizeBytes === 0 ? [] : known.get(listId)?.chunks);
    return { ...rest, content: { listId, sizeBytes, chunks }, mtimeMs: Date.parse(mtime) };
  }
  if (operation.op === 'putSymlink') {
    const { mtime, ...rest } = operation;
    return { ...rest, mtimeMs: Date.parse(mtime) };
  }
  if (operation.op === 'setAttributes') {
    const { mtime, ...rest } = operation;
    return { ...rest, ...(mtime === undefined ? {} : { mtimeMs: Date.parse(mtime) }) };
  }
  return operation;
}

/** What is wrong with a file's list before any rule looks at it, by the operation's index. */
export function refusedContents(operations: readonly CheckedOperation[], known: KnownLists): Map<number, Outcome> {
  const refused = new Map<number, Outcome>();
  for (const [index, operation] of operations.entries()) {
    const outcome = operation.op === 'putFile' ? refusedContent(operation, known) : undefined;
    if (outcome !== undefined) refused.set(index, outcome);
  }
  return refused;
}

function refusedContent(operation: PutFile, known: KnownLists): Outcome | undefined {
  const { chunkList, listId, sizeBytes } = operation;
  if (chunkList === undefined) return sizeBytes === 0 || known.has(listId) ? undefined : { outcome: 'chunk_missing', digests: [listId] };
  if (listIdOf(chunkList, sha256) === listId) return undefined;
  return { outcome: 'invalid_argument', detail: 'listId does not name this chunk list' };
}

/** The operation as metadata takes it from upload: times as text, a file's content by its parts. */
export function toChecked(operation: Operation): CheckedOperation {
  if (operation.op === 'putFile') {
    const { content, mtimeMs, ...rest } = operation;
    const { listId, sizeBytes, chunks } = content;
    const chunkList = chunks === undefined || sizeBytes === 0 ? undefined : [...chunks];
    return { ...rest, listId, sizeBytes, chunkList, mtime: new Date(mtimeMs).toISOString() };
  }
  if (operation.op === 'putSymlink') {
    const { mtimeMs, ...rest } = operation;
    return { ...rest, mtime: new Date(mtimeMs).toISOString() };
  }
  if (operation.op === 'setAttributes') {
    const { mtimeMs, ...rest } = operation;
    return { ...rest, ...(mtimeMs === undefined ? {} : { mtime: new Date(mtimeMs).toISOString() }) };
  }
  return operation;
}
