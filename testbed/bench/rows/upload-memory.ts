import path from 'node:path';
import { once } from 'node:events';
import { setInterval as every } from 'node:timers/promises';
import { processUsage } from '../../src/process-usage.ts';
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
    const server = world.server().pid;
    const idleServer = processUsage(server).residentBytes;
    const put = world.cli.start('put', file, '/huge.bin');
    put.stdout!.resume();
    put.stderr!.resume();
    const exit = once(put, 'exit') as Promise<[number | null]>;
    let idleClient: number | undefined;
    let client = 0;
    let grown = 0;
    const stop = new AbortController();
    void exit.then(() => stop.abort());
    try {
      for await (const _ of every(100, undefined, { signal: stop.signal })) {
        const resident = processUsage(put.pid!).residentBytes;
        idleClient ??= resident;
        client = Math.max(client, resident - idleClient);
        grown = Math.max(grown, processUsage(server).residentBytes - idleServer);
      }
    } catch (error) {
      if (put.exitCode === null && put.signalCode === null) throw error;
    }
    const [code] = await exit;
    if (code !== 0) throw new Error(`put exited with ${code}`);
    const value = Math.max(client, grown) / 1e6;
    return {
      value,
      min: Math.min(client, grown) / 1e6,
      max: value,
      note: `server ${Math.round(grown / 1e6)} MB, client ${Math.round(client / 1e6)} MB; one run`,
    };
  },
};
