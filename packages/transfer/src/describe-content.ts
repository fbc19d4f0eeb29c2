import { buildChunkList, diffChunkLists, inlineChunks } from '@driftbox/domain';
import type { ChunkRef, Digest, ListBlock } from '@driftbox/domain';
import { digestOf } from '@driftbox/chunking';
import type { SentOperation } from './sent-operation.ts';

type PutFile = Extract<SentOperation, { op: 'putFile' }>;
type Splices = NonNullable<PutFile['chunkListDelta']>['splices'];

/** How a file's content is told to the server: the fields of its operation, and list blocks that must travel with it. */
export type Description = {
  readonly listId: Digest;
  readonly fields: Pick<PutFile, 'chunkList' | 'listId' | 'chunkListDelta'>;
  readonly blocks: readonly ListBlock[];
};

/**
 * The shortest way to tell a chunk list: inline while it is short; a long one by what changed against `base`, a list of a
 * retained revision, where that is less than half of it; else as segments under a root.
 */
export function describeContent(
  chunks: readonly ChunkRef[],
  base?: { readonly listId: Digest; readonly chunks: readonly ChunkRef[] },
): Description {
  const list = buildChunkList(chunks, digestOf);
  const { listId } = list;
  if (list.form === 'inline') return { listId, fields: { chunkList: [...chunks] }, blocks: [] };
  if (base !== undefined && base.chunks.length > inlineChunks) {
    const splices = diffChunkLists(base.chunks, chunks);
    const inserted = splices.reduce((sum, splice) => sum + splice.insert.length + 1, 0);
    if (inserted < chunks.length / 2) {
      const told = splices.map((splice) => ({ ...splice, insert: [...splice.insert] })) satisfies Splices;
      return { listId, fields: { chunkListDelta: { baseListId: base.listId, splices: told, resultListId: listId } }, blocks: [] };
    }
  }
  return { listId, fields: { listId }, blocks: [...list.segments, list.root] };
}
