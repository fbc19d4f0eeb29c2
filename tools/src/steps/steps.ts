import path from 'node:path';
import type { Step } from './run-step.ts';

/** The checkout's root. */
export const root = path.resolve(import.meta.dirname, '../../..');

const bin = path.join(root, 'node_modules', '.bin');
// The tools start by `#!/usr/bin/env node`: the pinned Node must be the first that is found.
const env = { PATH: `${path.dirname(process.execPath)}:${bin}:${process.env.PATH ?? ''}` };

function tool(name: string, command: string, ...args: string[]): Step {
  return { name, command: path.join(bin, command), args, env };
}

function script(name: string, file: string, ...args: string[]): Step {
  return { name, command: process.execPath, args: ['--no-warnings', path.join(root, 'tools/src', file), ...args], env };
}

/** What can be checked without running the code's own tests; the longest first, so that two at a time end together. */
export const staticSteps: readonly Step[] = [
  tool('lint', 'oxlint', '--type-aware', '--deny-warnings'),
  tool('types', 'tsc', '-p', 'tsconfig.json'),
  tool('knip', 'knip', '--no-progress', '--no-config-hints'),
  script('tidy', 'tidy.ts'),
  script('format', 'format.ts', '--check'),
  script('doors', 'import-doors.ts'),
  script('generated', 'generate.ts', '--check'),
];

/** Jest over the given files; tests run as native modules. */
export function jestStep(name: string, ...args: string[]): Step {
  const step = tool(name, 'jest', '--ci', ...args);
  return { ...step, env: { ...env, NODE_OPTIONS: '--no-warnings' }, tells: /^(?:PASS|FAIL) / };
}

/** Tests that need nothing but Node: their names have no word between the subject and `test`. */
export const unitStep = jestStep('unit', '--maxWorkers=1', '--testPathPatterns=/[^./]+\\.test\\.ts$');
