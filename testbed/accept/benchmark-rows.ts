import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectFolder } from '../src/standalone-process.ts';
import type { Point } from './point.ts';

/** Rows of the benchmark table, printed by its own command, each with its own verdict; a row that could not be measured does not hold. */
export function benchmarkRows(number: number, rows: readonly number[]): Point {
  return {
    number,
    promise: `benchmark rows ${rows.join(', ')} are printed with their baselines and verdicts`,
    show: async () => {
      const main = path.join(projectFolder, 'testbed/bench/main.ts');
      const child = spawn(process.execPath, ['--no-warnings', main, '--only', rows.join(',')], { stdio: ['ignore', 'pipe', 'inherit'] });
      let table = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (table += text));
      const [code] = (await once(child, 'close')) as [number | null];
      return { holds: code === 0 && !/^(failed|skipped)/m.test(table), figure: table.trimEnd() };
    },
  };
}
