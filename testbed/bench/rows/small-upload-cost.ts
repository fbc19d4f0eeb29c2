import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { processTree } from '@driftbox/processes';
import { processUsage } from '../../src/process-usage.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { summary } from '../interleave.ts';
import type { Row } from '../row.ts';
import type { World } from '../../src/world.ts';

const files = 1000;
const rounds = 5;

/** CPU seconds and bytes written by the server and its PostgreSQL so far. */
function serverCost(world: World): { cpuSeconds: number; writtenBytes: number } {
  const usages = processTree(world.server().pid).map(processUsage);
  return {
    cpuSeconds: usages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    writtenBytes: usages.reduce((sum, { writtenBytes }) => sum + writtenBytes, 0),
  };
}

/** Row 29: what the process tree of the server spends until the put is acknowledged. */
export const smallUploadCost: Row = {
  row: 29,
  name: 'server cost of 1,000 x 4 KiB uploaded: CPU seconds',
  unit: 's',
  judged: 'value',
  better: 'lower',
  must: 6,
  aim: 1.5,
  measure: async (bench) => {
    const world = bench.own();
    const seconds: number[] = [];
    const megabytes: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const folder = path.join(world.folder, `small-${round}`);
      await mkdir(folder);
      for (let index = 0; index < files; index += 1) await writeSeededFile(path.join(folder, `file-${index}`), round * files + index, 4096);
      const before = serverCost(world);
      await world.cli.must('put', folder, `/small-${round}`);
      const after = serverCost(world);
      seconds.push(after.cpuSeconds - before.cpuSeconds);
      megabytes.push((after.writtenBytes - before.writtenBytes) / 1e6);
    }
    const { median, min, max } = summary(seconds);
    const written = summary(megabytes);
    const range = `${written.min.toFixed(1)} to ${written.max.toFixed(1)}`;
    const note = `${written.median.toFixed(1)} MB written to disk (${range}; must 60, aim 20), checkpoints after the run not included`;
    return { value: median, min, max, note };
  },
};
