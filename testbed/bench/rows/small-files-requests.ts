import { rename } from 'node:fs/promises';
import path from 'node:path';
import { accessLines } from '../../src/start-gateway.ts';
import { awaitEntries } from '../await-copy.ts';
import { summary } from '../interleave.ts';
import type { BenchWorld } from '../bench-world.ts';
import type { Measured, Row } from '../row.ts';
import { makeSmallFiles } from '../small-files.ts';
import { withMeteredPair, withSyncPair, type SyncPair } from '../sync-pair.ts';

const files = 10_000;
const rounds = 3;

/** Row 6: requests of both devices until a folder of small files has gone from one to the other. */
export const smallFilesRequests: Row = {
  row: 6,
  name: '10,000 x 4 KiB files: HTTP requests, both clients',
  unit: 'requests',
  judged: 'value',
  better: 'lower',
  must: 200,
  aim: 60,
  measure: (world) => (world.isStack ? countByGateway(world) : countOnTheWire(world)),
};

function countOnTheWire(world: BenchWorld): Promise<Measured> {
  return withMeteredPair(world, (pair) => countRounds(world, pair, () => [pair.meterA.count().requests, pair.meterB.count().requests]));
}

/** Through TLS nothing can be counted on the wire, and all that the gateway logs is of these devices. */
function countByGateway(world: BenchWorld): Promise<Measured> {
  const { folder } = world.stack();
  return withSyncPair(world, (pair) => countRounds(world, pair, async () => [(await accessLines(path.join(folder, 'gateway'))).length]));
}

/** `count` answers the requests so far. */
async function countRounds(
  world: BenchWorld,
  { a, b }: SyncPair,
  count: () => readonly number[] | Promise<readonly number[]>,
): Promise<Measured> {
  const counts: number[] = [];
  const parts: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const made = path.join(world.folder, `made-${round}`);
    const entries = await makeSmallFiles(made, files, round);
    const before = await count();
    await rename(made, path.join(a.folder, `files-${round}`));
    await awaitEntries(path.join(b.folder, `files-${round}`), entries);
    const its = (await count()).map((now, index) => now - before[index]!);
    counts.push(its.reduce((sum, one) => sum + one, 0));
    parts.push(its.join(' + '));
  }
  const { median, min, max } = summary(counts);
  return { value: median, min, max, note: `sender + receiver: ${parts.join(', ')}` };
}
