import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startScript } from '../../src/start-script.ts';

/** A running plain server and its client: what HTTP, SHA-256 and fsync alone cost on this machine. */
export type PlainTransfer = {
  put(file: string): Promise<void>;
  get(file: string): Promise<void>;
  close(): void;
};

/** Starts the plain server in a process of its own, storing into `folder`. */
export async function startPlainTransfer(folder: string): Promise<PlainTransfer> {
  await mkdir(folder, { recursive: true });
  const script = (name: string) => path.join(import.meta.dirname, name);
  const server = await startScript(script('plain-server.ts'), folder);
  const client = async (...args: string[]): Promise<void> => {
    const child = spawn(process.execPath, ['--no-warnings', script('plain-client.ts'), ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the plain client ended with ${code}`);
  };
  return {
    put: (file) => client('put', server.address, file, folder),
    get: (file) => client('get', server.address, file, folder),
    close: () => server.close(),
  };
}
