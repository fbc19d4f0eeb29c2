import { parentPort, workerData } from 'node:worker_threads';
import { checkSeed } from './check-seed.ts';
import type { Played, Share } from './play-share.ts';

const { first, count, clients, sharing, twiceEvery, offset, step } = workerData as Share;
for (let at = offset; at < count; at += step) {
  const result = await checkSeed({ seed: first + at, clients, sharing }, twiceEvery > 0 && at % twiceEvery === 0);
  const { user, system } = process.threadCpuUsage();
  const failing = result.failure === undefined ? undefined : result;
  parentPort?.postMessage({ events: result.events, failing, usedMs: (user + system) / 1000 } satisfies Played);
}
