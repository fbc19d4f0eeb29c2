import path from 'node:path';
import { once } from 'node:events';
import { grownMemory, type GrownMemory } from '../../src/grown-memory.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import type { World } from '../../src/world.ts';
import type { Row } from '../row.ts';

const sizeBytes = 10 * 2 ** 30;

/** Row 21: the larger growth of the two processes; the client's idle size is the most that it has for a file of one byte. */
export const uploadMemory: Row = {
  row: 21,
  name: 'resident memory grown during a 10 GiB upload, each process',
  unit: 'MB',
  judged: 'value',
  better: 'lower',
  must: 160,
  aim: 64,
  measure: async (world) => {
    const [small, large] = [path.join(world.folder, 'small.bin'), path.join(world.folder, 'large.bin')];
    await writeSeededFile(small, 21, 1);
    await writeSeededFile(large, 21, sizeBytes);
    const idle = await put(world, small);
    const { client, server } = await put(world, large);
    const atRest = Math.round(idle.client.mostBytes / 1e6);
    const grown = { client: (client.mostBytes - idle.client.mostBytes) / 1e6, server: (server.mostBytes - server.firstBytes) / 1e6 };
    const value = Math.max(grown.client, grown.server);
    return {
      value,
      min: Math.min(grown.client, grown.server),
      max: value,
      note: `server ${Math.round(grown.server)} MB, client ${Math.round(grown.client)} MB above ${atRest} MB; one run`,
    };
  },
};

async function put(world: World, file: string): Promise<{ readonly client: GrownMemory; readonly server: GrownMemory }> {
  const child = world.cli.start('put', file, `/${path.basename(file)}`);
  child.stdout!.resume();
  child.stderr!.resume();
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const [client, server] = await grownMemory([child.pid!, world.server().pid], exit);
  const [code] = await exit;
  if (code !== 0) throw new Error(`put exited with ${code}`);
  return { client: client!, server: server! };
}
