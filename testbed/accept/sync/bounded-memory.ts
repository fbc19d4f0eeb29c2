import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { assertSameFile } from '../../src/compare-files.ts';
import { memoryOfCommand, type CommandMemory } from '../../src/grown-memory.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { addSyncDevice, type SyncDevice } from '../../src/sync-device.ts';
import type { World } from '../../src/world.ts';
import { inWorld } from '../in-world.ts';
import type { Point, Shown } from '../point.ts';

const folders = 1_000;
const filesPerFolder = 1_000;
const largeBytes = 10 * 2 ** 30;
/** What row 21 of the benchmarks grants each process. */
const mayGrowBytes = 160e6;

/** A very large tree. */
export const manyFilesMemory: Point = {
  number: 5.01,
  promise: 'a client on 1,000,000 files states its memory',
  show: () => inWorld(manyFiles),
};

/** A very large file. */
export const largeFileMemory: Point = {
  number: 5.02,
  promise: 'a file of 10 GiB syncs in bounded memory',
  show: () => inWorld(largeFile),
};

async function manyFiles(world: World): Promise<Shown> {
  const device = await addSyncDevice(world, 'a');
  for (let folder = 0; folder < folders; folder += 1) {
    const at = path.join(device.folder, `folder-${folder}`);
    mkdirSync(at);
    for (let file = 0; file < filesPerFolder; file += 1) closeSync(openSync(path.join(at, `file-${file}`), 'w'));
  }
  const lines: string[] = [];
  for (const what of ['sent', 'nothing changed']) {
    const { seconds, client, server } = await syncOnce(world, device);
    lines.push(
      `${what}: ${seconds.toFixed(0)} s, client at most ${megabytes(client.mostBytes)} resident, server ${megabytes(server.mostBytes)}`,
    );
  }
  const usage = JSON.parse(await world.cli.must('usage', '--json')) as { readonly drives: readonly { readonly files: number }[] };
  const files = usage.drives[0]?.files;
  return { holds: files === folders * filesPerFolder, figure: [`${files} files on the server`, ...lines].join('; ') };
}

async function largeFile(world: World): Promise<Shown> {
  const [a, b] = [await addSyncDevice(world, 'a'), await addSyncDevice(world, 'b')];
  const idle = await syncOnce(world, a);
  const file = path.join(a.folder, 'large.bin');
  await writeSeededFile(file, 5, largeBytes);
  const lines: string[] = [];
  let holds = true;
  for (const device of [a, b]) {
    const { client, server, seconds } = await syncOnce(world, device);
    const [ofClient, ofServer] = [client.mostBytes - idle.client.mostBytes, server.mostBytes - server.firstBytes];
    holds &&= ofClient <= mayGrowBytes && ofServer <= mayGrowBytes;
    const what = device === a ? 'sending' : 'receiving';
    lines.push(`${what}: ${seconds.toFixed(0)} s, client grew by ${megabytes(ofClient)}, server by ${megabytes(ofServer)}`);
  }
  await assertSameFile(file, path.join(b.folder, 'large.bin'));
  return {
    holds,
    figure: `10 GiB: ${lines.join('; ')} (each may by ${megabytes(mayGrowBytes)}; at rest ${megabytes(idle.client.mostBytes)})`,
  };
}

/** One whole pass in a process of its own. */
function syncOnce(world: World, device: SyncDevice): Promise<CommandMemory> {
  return memoryOfCommand([world.server().pid], device.cli, 'sync', device.folder, '--once', '--json');
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
