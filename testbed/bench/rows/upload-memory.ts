import path from 'node:path';
import { memoryOfCommand, type CommandMemory } from '../../src/grown-memory.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import type { Row } from '../row.ts';

const sizeBytes = 10 * 2 ** 30;

/** Row 21: the largest growth of any process; the client's idle size is the most that it has for a file of one byte. */
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
    const put = (file: string): Promise<CommandMemory> =>
      memoryOfCommand(world.serverPids(), world.cli, 'put', file, `/${path.basename(file)}`);
    const idle = await put(small);
    const { client, server } = await put(large);
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
