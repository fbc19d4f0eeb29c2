import type { ChunkRef } from './digest.ts';

/**
 * One replacement in a chunk list: at index `at` of the base list take `remove` chunks out and put `insert` in. Splices
 * of one delta are in ascending order and do not overlap; every `at` counts in the base, not in what became of it.
 */
export type Splice = { readonly at: number; readonly remove: number; readonly insert: readonly ChunkRef[] };

export type Spliced = { readonly ok: true; readonly chunks: ChunkRef[] } | { readonly ok: false; readonly detail: string };

/** Applies the splices of a delta to its base. Refuses what is out of order, overlaps or reaches beyond the base. */
export function applySplices(base: readonly ChunkRef[], splices: readonly Splice[]): Spliced {
  const chunks: ChunkRef[] = [];
  let taken = 0;
  for (const { at, remove, insert } of splices) {
    const whole = Number.isSafeInteger(at) && Number.isSafeInteger(remove) && remove >= 0;
    if (!whole) return { ok: false, detail: 'a splice counts in whole chunks' };
    if (at < taken || at + remove > base.length) return { ok: false, detail: 'splices are in order and within the base' };
    for (const chunk of base.slice(taken, at)) chunks.push(chunk);
    for (const chunk of insert) chunks.push(chunk);
    taken = at + remove;
  }
  for (const chunk of base.slice(taken)) chunks.push(chunk);
  return { ok: true, chunks };
}

/**
 * Answers splices that turn `base` into `target`: what they share at both ends stays, and in between the longest run
 * in order of chunks that occur once in each (as in patience diff). Takes n log n; short for edits, not minimal.
 */
export function diffChunkLists(base: readonly ChunkRef[], target: readonly ChunkRef[]): Splice[] {
  let start = 0;
  while (start < base.length && start < target.length && same(base[start], target[start])) start += 1;
  let end = 0;
  while (end < base.length - start && end < target.length - start && same(base.at(-1 - end), target.at(-1 - end))) end += 1;

  const splices: Splice[] = [];
  let [inBase, inTarget] = [start, start];
  const last = { base: base.length - end, target: target.length - end };
  for (const kept of [...longestInOrder(sharedOnce(base, target, start, end)), last]) {
    if (kept.base > inBase || kept.target > inTarget) {
      splices.push({ at: inBase, remove: kept.base - inBase, insert: target.slice(inTarget, kept.target) });
    }
    [inBase, inTarget] = [kept.base + 1, kept.target + 1];
  }
  return splices;
}

type Pair = { readonly base: number; readonly target: number };

function same(a: ChunkRef | undefined, b: ChunkRef | undefined): boolean {
  return a !== undefined && b !== undefined && a.digest === b.digest && a.sizeBytes === b.sizeBytes;
}

/** Where chunks that occur once on each side stand, in order of the target. */
function sharedOnce(base: readonly ChunkRef[], target: readonly ChunkRef[], start: number, end: number): Pair[] {
  const once = (chunks: readonly ChunkRef[]) => {
    const at = new Map<string, number>();
    for (const [index, { digest }] of chunks.slice(start, chunks.length - end).entries()) {
      at.set(digest, at.has(digest) ? -1 : start + index);
    }
    return at;
  };
  const inBase = once(base);
  const pairs: Pair[] = [];
  for (const [digest, index] of once(target)) {
    const at = inBase.get(digest) ?? -1;
    if (index >= 0 && at >= 0 && same(base[at], target[index])) pairs.push({ base: at, target: index });
  }
  return pairs.sort((a, b) => a.target - b.target);
}

/** The longest subsequence of pairs whose base indices ascend: patience sorting with a chain back from each pile. */
function longestInOrder(pairs: readonly Pair[]): Pair[] {
  type Link = { readonly pair: Pair; readonly before: Link | undefined };
  const piles: Link[] = [];
  for (const pair of pairs) {
    let [low, high] = [0, piles.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const pile = piles[middle];
      if (pile !== undefined && pile.pair.base < pair.base) low = middle + 1;
      else high = middle;
    }
    piles[low] = { pair, before: piles[low - 1] };
  }
  const kept: Pair[] = [];
  for (let link = piles.at(-1); link !== undefined; link = link.before) kept.push(link.pair);
  return kept.reverse();
}
