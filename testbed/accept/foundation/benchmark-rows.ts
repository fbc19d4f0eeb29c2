import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectFolder } from '../../src/standalone-process.ts';
import type { Point } from '../point.ts';

/** The benchmark table, printed by its own command, each row with its own verdict; a row that could not be measured does not hold. */
export const benchmarkRows: Point = {
  number: 6,
  promise: 'the benchmark rows of this path are printed with their baselines and verdicts',
  show: async () => {
    const child = spawn(process.execPath, ['--no-warnings', path.join(projectFolder, 'testbed/bench/main.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let table = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (table += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { holds: code === 0 && !/^(failed|skipped)/m.test(table), figure: table.trimEnd() };
  },
};
