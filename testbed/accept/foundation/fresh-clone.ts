import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { secondsOf } from '../../bench/interleave.ts';
import type { Point } from '../point.ts';
import { inFreshClone } from './in-fresh-clone.ts';

type Ended = { readonly stdout: string; readonly code?: number };

/** `npm test` on a fresh clone, first with nothing installed and an empty cache, then warm. */
export const freshClone: Point = {
  number: 7,
  promise: 'npm test passes on a fresh clone with an empty cache, and warm in under 15 minutes',
  show: () =>
    inFreshClone(async ({ clone, env }) => {
      const ends: string[] = [];
      const test = async (): Promise<void> => {
        const ended = await promisify(execFile)('npm', ['test'], { cwd: clone, env, maxBuffer: 64 * 2 ** 20 }).catch(
          (error: unknown) => error as Ended,
        );
        const lines = (ended.stdout ?? '').trimEnd().split('\n');
        ends.push(lines.at(-1)!, ...lines.filter((line) => /^(?:FAIL|checks failed|failed:)/.test(line)));
      };
      const cold = await secondsOf(test);
      const warm = await secondsOf(test);
      const holds = warm < 15 * 60 && ends.every((line) => /^[1-9]\d* passed, 0 failed/.test(line));
      return { holds, figure: [`from nothing ${cold.toFixed(0)} s, warm ${warm.toFixed(0)} s`, ...ends].join('; ') };
    }),
};
