import type { Place } from './place.ts';

const groupBytes = 8 << 20;
const groupChunks = 512;

/** Cuts a row of chunks into groups that are read at once: bounded in bytes, stored and plain, and in number. */
export function groupChunksOf(chunks: readonly Place[]): Place[][] {
  const groups: Place[][] = [];
  let open: Place[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    const cost = costOf(chunk);
    if (open.length > 0 && (bytes + cost > groupBytes || open.length >= groupChunks)) {
      groups.push(open);
      [open, bytes] = [[], 0];
    }
    open.push(chunk);
    bytes += cost;
  }
  if (open.length > 0) groups.push(open);
  return groups;
}

/** Memory for chunks that are read and unpacked. */
export function bytesOf(group: readonly Place[]): number {
  return group.reduce((sum, chunk) => sum + costOf(chunk), 0);
}

function costOf(place: Place): number {
  return Math.max(place.length, place.plainSize);
}
