import type { ChunkRef } from './digest.ts';

/** Bounds of a segment in chunks; only the last of a list may be shorter. The average is `fewest` + `oneIn`. */
export const segmentChunks = { fewest: 64, most: 1_024, oneIn: 192 };

/**
 * Cuts a list where the digests say so: after a chunk whose digest is a multiple of `oneIn`, never before `fewest`
 * chunks nor after `most`. An edit therefore moves the cuts next to it only, and the other segments stay as they were.
 */
export function cutSegments(chunks: readonly ChunkRef[]): readonly (readonly ChunkRef[])[] {
  const segments: (readonly ChunkRef[])[] = [];
  let start = 0;
  for (const [index, { digest }] of chunks.entries()) {
    const count = index + 1 - start;
    if (count < segmentChunks.fewest) continue;
    const cuts = Number.parseInt(digest.slice(0, 8), 16) % segmentChunks.oneIn === 0;
    if (!cuts && count < segmentChunks.most) continue;
    segments.push(chunks.slice(start, index + 1));
    start = index + 1;
  }
  if (start < chunks.length) segments.push(chunks.slice(start));
  return segments;
}
