import { availableParallelism } from 'node:os';
import { playShare, type Share, type ShareResult } from './play-share.ts';

export type SeedsOptions = {
  readonly first: number;
  readonly count: number;
  readonly clients: number | undefined;
  /** Several people share drives. */
  readonly sharing: boolean;
  /** Threads; all cores when undefined. */
  readonly workers: number | undefined;
  /** Each how-manyth seed is run twice and compared. */
  readonly twiceEvery: number;
};

export type SeedsReport = ShareResult & {
  readonly workers: number;
  readonly tookSeconds: number;
  readonly seedsPerSecond: number;
  readonly eventsPerSeed: number;
};

/** Plays many seeds on several threads. Seconds are of the whole, with second runs. */
export async function runSeeds(options: SeedsOptions): Promise<SeedsReport> {
  const workers = Math.max(1, Math.min(options.workers ?? availableParallelism(), options.count));
  const startedMs = performance.now();
  const shares = Array.from({ length: workers }, (_, offset): Share => ({ ...options, offset, step: workers }));
  const results = await Promise.all(shares.map((share) => playShare(share)));
  const tookSeconds = (performance.now() - startedMs) / 1000;
  const seeds = results.reduce((sum, result) => sum + result.seeds, 0);
  const events = results.reduce((sum, result) => sum + result.events, 0);
  const failures = results.flatMap((result) => result.failures).toSorted((a, b) => a.seed - b.seed);
  const endless = results.flatMap((result) => result.endless).toSorted((a, b) => a - b);
  const rates = { tookSeconds, seedsPerSecond: seeds / tookSeconds, eventsPerSeed: events / Math.max(1, seeds) };
  return { workers, seeds, events, failures, endless, ...rates };
}
