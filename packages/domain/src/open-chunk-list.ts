import { buildChunkList, sizeOf } from './chunk-list.ts';
import type { ListBlock } from './chunk-list.ts';
import type { ChunkRef, Digest, Hash } from './digest.ts';
import { decodeRoot, decodeSegment } from './list-encoding.ts';

/** The whole list, or why it is none; `missing` where only segments have to be handed in. */
export type OpenedList =
  | { readonly ok: true; readonly chunks: readonly ChunkRef[]; readonly sizeBytes: number }
  | { readonly ok: false; readonly missing?: readonly Digest[]; readonly detail: string };

/**
 * Reads a segmented list back from its root and segments, and trusts nothing: each block is hashed, sizes and counts
 * must be those the root states, and the segments must be cut where the rule cuts, because otherwise one file would
 * have several ids. Segments that were not handed in are answered as `missing`. Segments not named are ignored.
 */
export function openChunkList(listId: Digest, root: Uint8Array, segments: readonly ListBlock[], hash: Hash): OpenedList {
  if (hash(root) !== listId) return { ok: false, detail: 'the root is not what its id says' };
  const refs = decodeRoot(root);
  if (refs === undefined) return { ok: false, detail: 'the root is not a list of segments' };
  const given = new Map(segments.map((segment) => [segment.digest, segment.bytes]));
  const missing = refs.filter(({ digest }) => !given.has(digest)).map(({ digest }) => digest);
  if (missing.length > 0) return { ok: false, missing, detail: 'segments are missing' };
  const chunks: ChunkRef[] = [];
  for (const ref of refs) {
    const bytes = given.get(ref.digest);
    const segment = bytes === undefined || hash(bytes) !== ref.digest ? undefined : decodeSegment(bytes);
    if (segment === undefined || segment.length !== ref.chunks || sizeOf(segment) !== ref.sizeBytes) {
      return { ok: false, detail: 'a segment is not what the root says' };
    }
    for (const chunk of segment) chunks.push(chunk);
  }
  if (buildChunkList(chunks, hash).listId !== listId) return { ok: false, detail: 'the list is not cut as the rule cuts' };
  return { ok: true, chunks, sizeBytes: sizeOf(chunks) };
}
