import { diffChunkLists } from '@driftbox/domain';
import type { ChunkRef, Digest } from '@driftbox/domain';
import { element } from './element.ts';

/** A place in the new file where an old chunk may still lie whole: if its bytes hash to `digest`, it does. */
export type Window = { readonly digest: Digest; readonly offset: number; readonly sizeBytes: number };

/** Old chunks looked for per changed place: an edit that replaced more than this is no edit. */
const maxRemoved = 8;

/**
 * Where the chunks that an edit took out of a file might still be found whole in its new content. Bytes put in before an
 * old chunk shift it by as much as the changed stretch grew, bytes put in after it leave it in place: so for each old chunk
 * there are two places to look, and a hash decides. An edit in the middle of a chunk is not found, and costs that chunk.
 */
export function candidateWindows(old: readonly ChunkRef[], now: readonly ChunkRef[]): Window[] {
  const oldAt = offsets(old);
  const nowAt = offsets(now);
  const windows: Window[] = [];
  let shift = 0;
  for (const { at, remove, insert } of diffChunkLists(old, now)) {
    const start = element(nowAt, at + shift);
    const end = element(nowAt, at + shift + insert.length);
    shift += insert.length - remove;
    if (insert.length === 0 || remove > maxRemoved) continue;
    for (let index = at; index < at + remove; index += 1) {
      const { digest, sizeBytes } = element(old, index);
      const fromStart = start + element(oldAt, index) - element(oldAt, at);
      const fromEnd = end - (element(oldAt, at + remove) - element(oldAt, index));
      for (const offset of new Set([fromStart, fromEnd])) {
        if (offset >= 0 && offset + sizeBytes <= element(nowAt, -1)) windows.push({ digest, offset, sizeBytes });
      }
    }
  }
  return windows;
}

/** The found windows that share bytes with a chunk of the new file: its bases, at most `most`, those that share most first. */
export function basesFor(chunk: { readonly offset: number; readonly sizeBytes: number }, found: readonly Window[], most: number): Window[] {
  const shared = (window: Window): number =>
    Math.min(chunk.offset + chunk.sizeBytes, window.offset + window.sizeBytes) - Math.max(chunk.offset, window.offset);
  return found
    .filter((window) => shared(window) > 0)
    .sort((a, b) => shared(b) - shared(a))
    .slice(0, most);
}

/** Where each chunk begins, and after the last one where the file ends. */
function offsets(chunks: readonly ChunkRef[]): number[] {
  const at = [0];
  for (const chunk of chunks) at.push(element(at, -1) + chunk.sizeBytes);
  return at;
}
