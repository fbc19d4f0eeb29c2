import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectFolder } from '../../src/standalone-process.ts';
import type { Point } from '../point.ts';

/** How long the soak takes, in minutes. */
const soakMinutes = process.env['DRIFTBOX_ACCEPT_SOAK_MINUTES'] ?? '30';

const runs: readonly (readonly string[])[] = [['smoke'], ['load'], ['stress'], ['soak', '--minutes', soakMinutes]];

/** k6 is the judge: its exit code, and what was acknowledged and is not there. */
export const loadProfiles: Point = {
  number: 2,
  promise: 'k6 on a stack: smoke, load and soak keep their thresholds, stress shows the knee, nothing acknowledged is lost',
  async show(tell) {
    const figures: string[] = [];
    let holds = true;
    for (const run of runs) {
      tell(run.join(' '));
      const main = path.join(projectFolder, 'loadtests/src/main.ts');
      const child = spawn(process.execPath, ['--no-warnings', main, ...run, '--target', 'stack'], { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      const [code] = (await once(child, 'close')) as [number | null];
      holds &&= code === 0;
      figures.push(`${run.join(' ')}: exit code ${code}\n${text.trimEnd()}`);
    }
    return { holds, figure: figures.join('\n') };
  },
};
