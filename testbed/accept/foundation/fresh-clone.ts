import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { secondsOf } from '../../bench/interleave.ts';
import { projectFolder } from '../../src/standalone-process.ts';
import type { Point } from '../point.ts';

const run = promisify(execFile);

/** `npm test` on a fresh clone, first with nothing installed, then warm. */
export const freshClone: Point = {
  number: 7,
  promise: 'npm test passes on a fresh clone, and warm in under 15 minutes',
  show: async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'driftbox-clone-'));
    const clone = path.join(folder, 'driftbox');
    const env = { ...process.env, npm_config_cache: path.join(folder, 'npm-cache') };
    try {
      await run('git', ['clone', '-q', projectFolder, clone]);
      let closing = '';
      const test = async () => {
        const { stdout } = await run('npm', ['test'], { cwd: clone, env, maxBuffer: 64 * 2 ** 20 });
        closing = stdout.trimEnd().split('\n').at(-1)!;
      };
      const cold = await secondsOf(test);
      const warm = await secondsOf(test);
      const holds = warm < 15 * 60 && /^\d+ passed, 0 failed/.test(closing);
      return { holds, figure: `from nothing ${cold.toFixed(0)} s, warm ${warm.toFixed(0)} s; ${closing}` };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
