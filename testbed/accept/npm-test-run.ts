import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { secondsOf } from '../bench/interleave.ts';

/** What a run of `npm test` said at its end, and how long it took. */
export type NpmTestRun = {
  readonly seconds: number;
  /** At least one test passed and nothing failed; with `CI=true` nothing was left out either, for that is a failure there. */
  readonly ok: boolean;
  /** Its sum, then each line that names a failure or what was not run. */
  readonly lines: readonly string[];
};

type Ended = { readonly stdout?: string };

/** Runs `npm test` in a checkout with nothing but this environment. What fails in it does not reject. */
export async function runNpmTest(checkout: string, env: NodeJS.ProcessEnv): Promise<NpmTestRun> {
  let stdout = '';
  const seconds = await secondsOf(async () => {
    const options = { cwd: checkout, env, maxBuffer: 64 * 2 ** 20 };
    const ended: Ended = await promisify(execFile)('npm', ['test'], options).catch((error: unknown) => error as Ended);
    stdout = ended.stdout ?? '';
  });
  const printed = stdout.trimEnd().split('\n');
  const sum = printed.at(-1)!;
  const troubles = printed.filter((line) => /^(?:FAIL|checks failed|failed:|not run:)/.test(line));
  return { seconds, ok: /^[1-9]\d* passed, 0 failed$/.test(sum), lines: [sum, ...troubles] };
}
