import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

const endsWithItsParent = `process.stdin.once('close', () => process.exit(1)).resume().unref();\n`;

/**
 * A process of its own that runs `script`, an ES module, and resolves its imports from `cwd`. It ends, at the latest, when
 * the process that started it does: a test that fails half way leaves nothing that would keep the test run open.
 */
export function scriptProcess(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): ChildProcessByStdio<Writable, Readable, null> {
  return spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', endsWithItsParent + script], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}
