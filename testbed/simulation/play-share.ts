import { Worker } from 'node:worker_threads';
import type { SeedResult } from './run-seed.ts';

/** Which seeds one thread plays: every `step`-th from `first + offset` on. */
export type Share = {
  readonly first: number;
  readonly count: number;
  readonly clients: number | undefined;
  readonly twiceEvery: number;
  readonly offset: number;
  readonly step: number;
};

export type ShareResult = {
  readonly seeds: number;
  readonly events: number;
  readonly failures: readonly SeedResult[];
  /** Seeds that did not come to an end in the time that each has. */
  readonly endless: readonly number[];
};

/** What a thread tells: each seed when it is over. */
export type Played = { readonly events: number; readonly failing: SeedResult | undefined };

/** A seed takes milliseconds. What takes this long on any machine goes round in circles. */
export const seedLimitMs = 120_000;

/** Plays a share on a thread of its own. A seed that does not end in time is ended, noted, and the next one begun. */
export async function playShare(
  share: Share,
  limitMs = seedLimitMs,
  thread = new URL('./seeds-worker.ts', import.meta.url),
): Promise<ShareResult> {
  const failures: SeedResult[] = [];
  const endless: number[] = [];
  let seeds = 0;
  let events = 0;
  for (let at = share.offset; at < share.count;) {
    await playFrom({ ...share, offset: at }, limitMs, thread, (played) => {
      at += share.step;
      seeds += 1;
      events += played.events;
      if (played.failing !== undefined) failures.push(played.failing);
    });
    if (at >= share.count) break;
    endless.push(share.first + at);
    seeds += 1;
    at += share.step;
  }
  return { seeds, events, failures, endless };
}

/** Until all are played, or one takes too long. */
function playFrom(share: Share, limitMs: number, thread: URL, onPlayed: (played: Played) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(thread, { workerData: share });
    const end = (): void => void worker.terminate().catch(reject);
    let limit = setTimeout(end, limitMs);
    worker.on('message', (played: Played) => {
      clearTimeout(limit);
      limit = setTimeout(end, limitMs);
      onPlayed(played);
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      clearTimeout(limit);
      resolve();
    });
  });
}
