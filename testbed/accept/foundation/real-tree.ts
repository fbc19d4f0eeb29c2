import path from 'node:path';
import { differences } from '../../src/compare-files.ts';
import { attributesOf, measureTree } from '../../src/measure-tree.ts';
import { makeOddTree } from '../../src/odd-tree.ts';
import { secondsOf } from '../../bench/interleave.ts';
import type { Point } from '../point.ts';
import { inWorld } from './in-world.ts';

/** Sign up, put a real tree in, get it back elsewhere: nothing differs, attributes included. */
export const realTree: Point = {
  number: 1,
  promise: 'a real tree of at least 10,000 files and 300 MB comes back the same',
  show: () =>
    inWorld(async (world) => {
      const source = path.join(world.folder, 'tree');
      const copy = path.join(world.folder, 'copy');
      await makeOddTree(source);
      const { files, bytes } = await measureTree(source);
      const putSeconds = await secondsOf(() => world.cli.must('put', source, '/tree'));
      const getSeconds = await secondsOf(() => world.cli.must('get', '/tree', copy));
      const differing = await differences(source, copy);
      const before = await attributesOf(source);
      const after = new Set(await attributesOf(copy));
      const changed = before.filter((line) => !after.has(line));
      const holds = differing === '' && changed.length === 0 && files >= 10_000 && bytes >= 300e6;
      const figure = [
        `${files} files, ${Math.round(bytes / 1e6)} MB: put ${putSeconds.toFixed(1)} s, get ${getSeconds.toFixed(1)} s`,
        `server ready in ${world.server().startSeconds.toFixed(2)} s`,
        `diff -r: ${differing.slice(0, 2000) || 'nothing'}`,
        `attributes changed: ${changed.slice(0, 5).join(' | ') || 'none'}`,
      ].join('; ');
      return { holds, figure };
    }),
};
