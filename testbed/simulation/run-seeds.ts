import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SeedResult } from './run-seed.ts';

export type SeedsOptions = {
  readonly first: number;
  readonly count: number;
  readonly clients: number | undefined;
  /** Threads; all cores when undefined. */
  readonly workers: number | undefined;
  /** Each how-manyth seed is run twice and compared. */
  readonly twiceEvery: number;
};

/** Which seeds one thread plays: every `step`-th. */
export type Share = SeedsOptions & { readonly offset: number; readonly step: number };
export type ShareResult = { readonly seeds: number; readonly events: number; readonly failures: readonly SeedResult[] };

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
  const results = await Promise.all(Array.from({ length: workers }, (_, offset) => runShare({ ...options, offset, step: workers })));
  const tookSeconds = (performance.now() - startedMs) / 1000;
  const seeds = results.reduce((sum, result) => sum + result.seeds, 0);
  const events = results.reduce((sum, result) => sum + result.events, 0);
  const failures = results.flatMap((result) => result.failures).toSorted((a, b) => a.seed - b.seed);
  return { workers, seeds, events, failures, tookSeconds, seedsPerSecond: seeds / tookSeconds, eventsPerSeed: events / Math.max(1, seeds) };
}

function runShare(share: Share): Promise<ShareResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./seeds-worker.ts', import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
