import { parentPort, workerData } from 'node:worker_threads';
import { checkSeed } from './check-seed.ts';
import type { SeedResult } from './run-seed.ts';
import type { Share, ShareResult } from './run-seeds.ts';

const { first, count, clients, twiceEvery, offset, step } = workerData as Share;
const failures: SeedResult[] = [];
let seeds = 0;
let events = 0;
for (let at = offset; at < count; at += step) {
  const result = await checkSeed({ seed: first + at, clients }, twiceEvery > 0 && at % twiceEvery === 0);
  seeds += 1;
  events += result.events;
  if (result.failure !== undefined) failures.push(result);
}
parentPort?.postMessage({ seeds, events, failures } satisfies ShareResult);
