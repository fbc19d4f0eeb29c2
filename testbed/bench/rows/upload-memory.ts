import path from 'node:path';
import { once } from 'node:events';
import { grownMemory } from '../../src/grown-memory.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import type { Row } from '../row.ts';

const sizeBytes = 10 * 2 ** 30;

/** Row 21: the larger growth of the two processes; the client's idle size is what it has after its first 100 ms. */
export const uploadMemory: Row = {
  row: 21,
  name: 'resident memory grown during a 10 GiB upload, each process',
  unit: 'MB',
  judged: 'value',
  better: 'lower',
  must: 160,
  aim: 64,
  measure: async (world) => {
    const file = path.join(world.folder, 'huge.bin');
    await writeSeededFile(file, 21, sizeBytes);
    const put = world.cli.start('put', file, '/huge.bin');
    put.stdout!.resume();
    put.stderr!.resume();
    const exit = once(put, 'exit') as Promise<[number | null]>;
    const memory = await grownMemory([world.server().pid, put.pid!], exit);
    const [code] = await exit;
    if (code !== 0) throw new Error(`put exited with ${code}`);
    const [server = 0, client = 0] = memory.map(({ firstBytes, mostBytes }) => (mostBytes - firstBytes) / 1e6);
    const value = Math.max(client, server);
    return {
      value,
      min: Math.min(client, server),
      max: value,
      note: `server ${Math.round(server)} MB, client ${Math.round(client)} MB; one run`,
    };
  },
};
