import path from 'node:path';
import { assertSameFile } from '../../src/compare-files.ts';
import { makeOddTree } from '../../src/odd-tree.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { startWireMeter } from '../../src/wire-meter.ts';
import type { Point } from '../point.ts';
import { inWorld } from '../in-world.ts';

/** What travels when little or nothing changed. */
export const fewBytes: Point = {
  number: 2,
  promise: 'the same put again sends under 100 kB; a byte in front of 1 GiB sends under 32 kB',
  show: () =>
    inWorld(async (world) => {
      const meter = await startWireMeter(world.server().address);
      try {
        const sent = async (...args: string[]): Promise<{ up: number; down: number }> => {
          meter.reset();
          await world.cli.must('put', '--server', meter.address, ...args);
          const { upBytes, downBytes } = meter.count();
          return { up: upBytes, down: downBytes };
        };
        const tree = path.join(world.folder, 'tree');
        await makeOddTree(tree);
        await world.cli.must('put', tree, '/tree');
        const again = await sent(tree, '/tree');
        const big = path.join(world.folder, 'big.bin');
        await writeSeededFile(big, 1, 2 ** 30);
        await world.cli.must('put', big, '/big.bin');
        await writeSeededFile(big, 1, 2 ** 30, Buffer.from('x'));
        const inserted = await sent(big, '/big.bin');
        await world.cli.must('get', '/big.bin', `${big}.copy`);
        await assertSameFile(big, `${big}.copy`);
        const figure = [
          `same put: ${again.up} B sent (${again.down} B received)`,
          `insert: ${inserted.up} B sent, ${inserted.down} B received (aim 4,000 in all)`,
        ].join('; ');
        return { holds: again.up < 100_000 && inserted.up + inserted.down < 32_000, figure };
      } finally {
        await meter.close();
      }
    }),
};
