import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectFolder } from '../src/standalone-process.ts';

/** `npm run stack` as a person runs it. */
export type StackProgram<Ready> = {
  /** What it said when it was ready. */
  readonly ready: Ready;
  /** Ctrl-C; answers its exit code. May be called again. */
  stop(): Promise<number | null>;
};

/** Starts it with these flags. Throws when it ends before it is ready. */
export async function startStackProgram<Ready>(...flags: readonly string[]): Promise<StackProgram<Ready>> {
  const child = spawn(process.execPath, ['--no-warnings', path.join(projectFolder, 'testbed/stack/main.ts'), '--json', ...flags], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line') as Promise<[string]>, ended.then(() => [undefined])]);
  if (line === undefined) throw new Error('the stack ended before it was ready');
  return {
    ready: JSON.parse(line) as Ready,
    stop: async () => {
      child.kill('SIGINT');
      return (await ended)[0];
    },
  };
}
