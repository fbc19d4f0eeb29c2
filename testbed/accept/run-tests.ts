import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectFolder } from '../src/standalone-process.ts';
import type { Shown } from './point.ts';

const run = promisify(execFile);

/** Runs the test files whose paths match these patterns, in a process of their own; all must pass. */
export async function runTests(patterns: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Shown> {
  const jest = ['--no-warnings', 'node_modules/jest/bin/jest.js', ...patterns];
  const options = { cwd: projectFolder, env: { ...process.env, ...env }, maxBuffer: 64 << 20 };
  // Jest ends with 1 where a test fails, and says which.
  const { stderr } = await run(process.execPath, jest, options).catch((error: { stderr?: string }) => ({ stderr: error.stderr ?? '' }));
  const count = (what: string): string[] => new RegExp(`${what}:.*?(\\d+) passed, (\\d+) total`).exec(stderr)?.slice(1) ?? [];
  const [tests, suites] = [count('Tests'), count('Test Suites')];
  const holds = tests.length === 2 && tests[0] === tests[1] && suites[0] === suites[1];
  return { holds, figure: holds ? `${tests[0]} of ${tests[1]} tests in ${suites[1]} files` : stderr.slice(-4_000) };
}
