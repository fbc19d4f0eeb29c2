import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectFolder } from '../src/standalone-process.ts';
import type { Point } from './point.ts';

/**
 * Rows of the benchmark table, printed by its own command, each with its own verdict; a row that could not be measured does not
 * hold, unless it is for another target. `targets` as `npm run bench` takes them.
 */
export function benchmarkRows(number: number, rows: readonly number[], targets: readonly string[] = ['standalone']): Point {
  return {
    number,
    promise: `benchmark rows ${rows.join(', ')} are printed with their baselines and verdicts (${targets.join(', ')})`,
    show: async () => {
      const tables: string[] = [];
      let holds = true;
      for (const target of targets) {
        const { code, table } = await bench('--only', rows.join(','), '--target', target);
        holds &&= code === 0 && !/^(failed|skipped(?!.*--target ))/m.test(table);
        tables.push(`${target}: ${shortRows(table)}\n${table}`);
      }
      return { holds, figure: tables.join('\n') };
    },
  };
}

/** How many rows of a printed table miss what they must reach, and which: the point holds none the less, and nobody may overlook it. */
function shortRows(table: string): string {
  const missed = [...table.matchAll(/^short +(\d+) /gm)].map(([, row]) => row);
  return missed.length === 0 ? 'no row is short' : `${missed.length} SHORT of what they must reach: rows ${missed.join(', ')}`;
}

async function bench(...args: string[]): Promise<{ readonly code: number | null; readonly table: string }> {
  const main = path.join(projectFolder, 'testbed/bench/main.ts');
  const child = spawn(process.execPath, ['--no-warnings', main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let table = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (table += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, table: table.trimEnd() };
}
