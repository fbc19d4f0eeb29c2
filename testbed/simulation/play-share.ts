import { Worker } from 'node:worker_threads';
import type { SeedResult } from './run-seed.ts';

/** Which seeds one thread plays: every `step`-th from `first + offset` on. */
export type Share = {
  readonly first: number;
  readonly count: number;
  readonly clients: number | undefined;
  readonly sharing: boolean;
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

/** What a thread tells: each seed when it is over, and how much processor time the thread has had by then. */
export type Played = { readonly events: number; readonly failing: SeedResult | undefined; readonly usedMs: number };

/** A seed takes milliseconds. What takes this long goes round in circles. Processor time, so that a busy machine is no failure. */
export const seedLimitMs = 60_000;

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

/** Until all are played, or one takes too much processor time, or has nothing left to wait for. */
function playFrom(share: Share, limitMs: number, thread: URL, onPlayed: (played: Played) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(thread, { workerData: share });
    let beganMs = 0;
    let hasEnded = false;
    let limit: NodeJS.Timeout;
    const look = async (): Promise<void> => {
      const usage = await usageOf(worker);
      const leftMs = usage === undefined ? limitMs : beganMs + limitMs - usage;
      if (leftMs <= 0) await worker.terminate();
      else if (!hasEnded) arm(leftMs);
    };
    const arm = (ms: number): void => {
      limit = setTimeout(() => void look().catch(reject), ms);
    };
    arm(limitMs);
    worker.on('message', (played: Played) => {
      beganMs = played.usedMs;
      onPlayed(played);
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      hasEnded = true;
      clearTimeout(limit);
      resolve();
    });
  });
}

/** Milliseconds of processor time; `undefined` for a thread that is just starting or has just ended. */
async function usageOf(worker: Worker): Promise<number | undefined> {
  try {
    const { user, system } = await worker.cpuUsage();
    return (user + system) / 1000;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_NOT_RUNNING') return undefined;
    throw error;
  }
}
