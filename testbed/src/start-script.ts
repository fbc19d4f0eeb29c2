import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Starts one of our scripts that prints its port when it listens. */
export async function startScript(script: string, ...args: string[]): Promise<{ readonly address: string; close(): void }> {
  const child = spawn(process.execPath, ['--no-warnings', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { address: `http://127.0.0.1:${port}`, close: () => void child.kill() };
}
