import type { PackId } from '@driftbox/chunk-store';
import type { Digest } from '@driftbox/domain';
import { condemnIdle, removeDue } from './collect-chunks.ts';
import { removeDead, rewriteSparse } from './collect-packs.ts';
import type { CollectionGround } from './ground.ts';

/** What one pass over a tenant did. */
export type Collected = {
  readonly condemned: number;
  readonly chunks: number;
  readonly chunkBytes: number;
  readonly movedBytes: number;
  readonly packs: number;
  readonly packBytes: number;
};

/** How a pass goes over a tenant. */
export type Walk = {
  /** Chunks or packs of one step. */
  readonly limit: number;
  /** Where an earlier pass was when it ended too soon. */
  readonly place: Digest | undefined;
  /** Keeps the place, `undefined` at the end of the walk. */
  readonly keep: (place: Digest | undefined) => Promise<void>;
  /** Called before each step with what it may cost: waits as long as the rate wants. */
  readonly pause: (rows: number) => Promise<void>;
  readonly signal: AbortSignal;
};

/**
 * One pass of collection over a tenant: what is due goes first, so that the pass frees what the one before condemned, then all
 * chunks are looked at, then packs. It may end at any step, and begins again where it matters: only the walk over all chunks
 * is worth a kept place.
 */
export async function collectTenant(ground: CollectionGround, { limit, place, keep, pause, signal }: Walk): Promise<Collected> {
  const done = { condemned: 0, chunks: 0, chunkBytes: 0, movedBytes: 0, packs: 0, packBytes: 0 };
  await walk<Digest>(undefined, signal, async (after) => {
    await pause(limit);
    const { last, removed } = await removeDue(ground, after, limit);
    done.chunks += removed.count;
    done.chunkBytes += removed.bytes;
    return last;
  });
  await walk<Digest>(place, signal, async (after) => {
    await pause(limit);
    const { last, condemned } = await condemnIdle(ground, after, limit);
    done.condemned += condemned;
    await keep(last);
    return last;
  });
  try {
    await walk<PackId>(undefined, signal, async (after) => {
      const { last, movedBytes } = await rewriteSparse(ground, after, limit);
      done.movedBytes += movedBytes;
      return last;
    });
  } finally {
    // A pack that nobody can read at the moment keeps no dead one.
    for (let more = true; more && !signal.aborted;) {
      const { count, bytes } = await removeDead(ground, limit);
      done.packs += count;
      done.packBytes += bytes;
      more = count > 0;
    }
  }
  return done;
}

async function walk<At>(
  from: At | undefined,
  signal: AbortSignal,
  step: (after: At | undefined) => Promise<At | undefined>,
): Promise<void> {
  let after = from;
  do after = await step(after);
  while (after !== undefined && !signal.aborted);
}
