import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@driftbox/testkit';
import { differences } from '../../src/compare-files.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { startWireMeter, type WireMeter } from '../../src/wire-meter.ts';
import type { World } from '../../src/world.ts';
import type { Point } from '../point.ts';
import { inWorld } from '../in-world.ts';

const kills = 20;
/** The command line's exit code for a path that is not there (docs/cli.md). */
const nothingThere = 4;

/** A tree of small files and a few large ones, other bytes for each seed. */
async function makeTree(folder: string, seed: number): Promise<number> {
  await mkdir(folder, { recursive: true });
  let bytes = 0;
  for (let index = 0; index < 400; index += 1) {
    const sizeBytes = index % 100 === 0 ? 24 * 2 ** 20 : 40_000;
    await writeSeededFile(path.join(folder, `file-${index}`), seed * 1000 + index, sizeBytes);
    bytes += sizeBytes;
  }
  return bytes;
}

/** What the server holds of the tree must read back as it was sent: `diff -r` may say "only in source". Answers what else it says. */
async function findDamage(world: World, source: string, name: string): Promise<string> {
  const partial = path.join(world.folder, `${name}-partial`);
  const got = await world.cli.run('get', `/${name}`, partial);
  // Killed before its folder was made: nothing was acknowledged, so there is nothing to lose.
  if (got.code === nothingThere) return '';
  if (got.code !== 0) return `get exited with ${got.code}: ${got.stderr.slice(-300)}`;
  const lines = (await differences(source, partial)).split('\n').filter((line) => line !== '' && !line.startsWith(`Only in ${source}`));
  return lines.slice(0, 3).join('; ');
}

async function killOnce(world: World, meter: WireMeter, round: number, afterMs: number): Promise<{ damage: string; resentBytes: number }> {
  const name = `tree-${round}`;
  const source = path.join(world.folder, name);
  const bytes = await makeTree(source, round);
  meter.reset();
  const put = world.cli.start('put', '--server', meter.address, source, `/${name}`);
  put.stdout!.resume();
  put.stderr!.resume();
  const exit = once(put, 'exit');
  await Promise.race([delay(afterMs), exit]);
  if (round % 2 === 0) {
    await world.server().kill();
    put.kill('SIGKILL');
    await exit;
    await world.restart();
  } else {
    put.kill('SIGKILL');
    await exit;
  }
  const firstBytes = meter.count().upBytes;
  const damage = await findDamage(world, source, name);
  meter.reset();
  await world.cli.must('put', '--server', meter.address, source, `/${name}`);
  const resentBytes = Math.max(0, firstBytes + meter.count().upBytes - bytes);
  await world.cli.must('get', `/${name}`, `${source}-whole`);
  return { damage: damage || (await differences(source, `${source}-whole`)), resentBytes };
}

/** `kill -9` of the server and of the client, in turns, at random moments of a put. */
export const killedInMidPut: Point = {
  number: 3,
  promise: 'kill -9 of server and client at 20 random moments of a put: all acknowledged intact, the rerun completes',
  show: () =>
    inWorld(async (world) => {
      const random = seededRandom(20);
      const meter = await startWireMeter(world.server().address);
      const resent: number[] = [];
      const damages: string[] = [];
      try {
        for (let round = 0; round < kills; round += 1) {
          const result = await killOnce(world, meter, round, random.integer(100, 2600));
          resent.push(result.resentBytes);
          if (result.damage !== '') damages.push(`kill ${round}: ${result.damage}`);
        }
      } finally {
        await meter.close();
      }
      const intact = `${kills - damages.length} of ${kills} intact and completed`;
      const megabytes = resent.map((value) => `${(value / 1e6).toFixed(1)} MB`).join(', ');
      return { holds: damages.length === 0, figure: [`${intact}; bytes resent: ${megabytes}`, ...damages].join('\n') };
    }),
};
