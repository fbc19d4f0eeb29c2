import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder } from '../../src/standalone-process.ts';
import { numberOfPart, type Point } from '../point.ts';
import { acceptFolder } from '../results-file.ts';

/** Minutes of each profile in place of its own: to see that all of it works. What was shortened so never holds. */
const shortened = process.env['DRIFTBOX_ACCEPT_LOAD_MINUTES'];

const profiles: readonly (readonly [name: string, promise: string])[] = [
  ['smoke', 'at least 10,000 requests, at most 10 failures, nothing lost'],
  ['load', 'an office day at its rate keeps every objective'],
  ['rolling-restart', 'an office day keeps the objectives of availability while every process of every service is restarted'],
  ['stress', 'the knee, and what is full first'],
  ['soak', 'half an hour keeps the objectives, with flat memory, sockets and open files'],
  ['cost', 'what each operation costs, of which docs/capacity.md is computed'],
  ['spike', 'a sudden crowd of four times as many keeps every objective'],
  ['onboarding', 'a wave of people who sign up and put their first files keeps every objective'],
  ['churn', 'so does a build server that commits many small files at once and deletes them'],
  ['viral', 'so does a crowd that opens one link'],
  ['noisy-neighbour', 'while one tenant floods the server, p95 of another is at most twice what it was, p99 three times'],
  ['idle-crowd', 'a thousand sockets stay open, and hints come in time'],
];

/** Each profile on a stack of its own. k6 is the judge: its exit code, what was acknowledged and is not there, and what grew. */
export const loadProfiles: readonly Point[] = profiles.map(([name, promise], index) => ({
  number: numberOfPart(2, index + 1),
  promise: `k6 on a stack, ${name}: ${promise}`,
  show: async () => {
    const folder = path.join(acceptFolder(), 'load');
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${name}.json`);
    const main = path.join(projectFolder, 'loadtests/src/main.ts');
    const args = [name, '--target', 'stack', '--json', file, ...(shortened === undefined ? [] : ['--minutes', shortened])];
    const child = spawn(process.execPath, ['--no-warnings', main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    const [code] = (await once(child, 'close')) as [number | null];
    const note =
      shortened === undefined ? `keep it: npm run load -- keep ${file}` : `shortened to ${shortened} minutes, which shows no promise`;
    return { holds: code === 0 && shortened === undefined, figure: `exit code ${code}\n${text.trimEnd()}\n${note}` };
  },
}));
