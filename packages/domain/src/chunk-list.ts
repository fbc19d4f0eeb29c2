import type { ChunkRef, Digest, Hash } from './digest.ts';
import { cutSegments } from './cut-segments.ts';
import { inlineChunks } from './limits.ts';
import { encodeInline, encodeRoot, encodeSegment } from './list-encoding.ts';

/** Bytes stored under their digest: a segment of a long chunk list, or its root. */
export type ListBlock = { readonly digest: Digest; readonly bytes: Uint8Array };

/** One segment as its root names it: how many chunks, how many bytes of the file. */
export type SegmentRef = { readonly digest: Digest; readonly chunks: number; readonly sizeBytes: number };

/**
 * A chunk list as it is stored. Up to `inlineChunks` chunks the list travels whole; a longer one is content-defined
 * segments under a root, so that an edit rewrites the segment it is in and the root, and nothing else.
 */
export type ChunkList = { readonly listId: Digest; readonly sizeBytes: number } & (
  | { readonly form: 'inline'; readonly chunks: readonly ChunkRef[] }
  | { readonly form: 'segmented'; readonly root: ListBlock; readonly segments: readonly ListBlock[] }
);

/**
 * Answers the stored form of a list, and with it its id: of one chunk, its digest; otherwise the hash of the canonical
 * encoding of the list (none and up to `inlineChunks` chunks) or of the root that lists its segments. Equal lists have
 * equal ids, different lists different ones: sizes are part of what is hashed, and a first line tells the encodings apart.
 */
export function buildChunkList(chunks: readonly ChunkRef[], hash: Hash): ChunkList {
  const sizeBytes = sizeOf(chunks);
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return { form: 'inline', listId: only.digest, sizeBytes, chunks };
  if (chunks.length <= inlineChunks) return { form: 'inline', listId: hash(encodeInline(chunks)), sizeBytes, chunks };
  const refs: SegmentRef[] = [];
  const segments = cutSegments(chunks).map((segment): ListBlock => {
    const bytes = encodeSegment(segment);
    const digest = hash(bytes);
    refs.push({ digest, chunks: segment.length, sizeBytes: sizeOf(segment) });
    return { digest, bytes };
  });
  const bytes = encodeRoot(refs);
  const root = { digest: hash(bytes), bytes };
  return { form: 'segmented', listId: root.digest, sizeBytes, root, segments };
}

/** The id of a chunk list; see `buildChunkList`. */
export function listIdOf(chunks: readonly ChunkRef[], hash: Hash): Digest {
  return buildChunkList(chunks, hash).listId;
}

/** The plain bytes of all chunks together: the size of the file. */
export function sizeOf(chunks: readonly ChunkRef[]): number {
  return chunks.reduce((bytes, chunk) => bytes + chunk.sizeBytes, 0);
}
