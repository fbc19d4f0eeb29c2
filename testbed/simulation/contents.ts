import type { Digest } from '@driftbox/domain';

/** What a file holds, in the simulation: a number that tells contents apart. 0 is what a torn file holds. */
export type ContentTag = number;

/** The chunk list's id of a content. */
export function listIdOf(tag: ContentTag): Digest {
  return tag.toString(16).padStart(64, '0') as Digest;
}

export function tagOf(listId: Digest): ContentTag {
  return Number.parseInt(listId, 16);
}

/**
 * The contents that people have saved and not given up: each must be found at the end. Given up is what its only holder
 * overwrote or deleted before the server had it, and what a loss of power took before it was on disk for good.
 */
export class Contents {
  readonly kept = new Set<ContentTag>();
  readonly #sizes = new Map<ContentTag, number>();
  #next = 1;

  save(sizeBytes: number): ContentTag {
    const tag = this.#next;
    this.#next += 1;
    this.kept.add(tag);
    this.#sizes.set(tag, sizeBytes);
    return tag;
  }

  /** What one content was saved with, it always has. */
  sizeOf(tag: ContentTag): number {
    return this.#sizes.get(tag) ?? 0;
  }

  wasSaved(tag: ContentTag): boolean {
    return this.#sizes.has(tag);
  }

  giveUp(tag: ContentTag): void {
    this.kept.delete(tag);
  }
}
