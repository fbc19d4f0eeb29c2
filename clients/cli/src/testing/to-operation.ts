import { digestOf } from '@driftbox/chunking';
import { inlineChunks, listIdOf } from '@driftbox/domain';
import type { ChunkRef, Operation } from '@driftbox/domain';
import type { WireOperation } from '@driftbox/protocol';

/** An operation of the wire as the commit rule takes it, with the content that was resolved for it. */
export function toOperation(operation: WireOperation, chunks: readonly ChunkRef[]): Operation {
  if (operation.op === 'putFile') {
    const { chunkList: _list, chunkListDelta: _delta, listId: _id, mtime, sizeBytes, ...rest } = operation;
    const content = { listId: listIdOf(chunks, digestOf), sizeBytes, chunks: chunks.length <= inlineChunks ? chunks : undefined };
    return { ...rest, content, mtimeMs: Date.parse(mtime) };
  }
  if (operation.op === 'putSymlink') {
    const { mtime, ...rest } = operation;
    return { ...rest, mtimeMs: Date.parse(mtime) };
  }
  if (operation.op === 'setAttributes') {
    const { mtime, ...rest } = operation;
    return { ...rest, mtimeMs: mtime === undefined ? undefined : Date.parse(mtime) };
  }
  return operation;
}
