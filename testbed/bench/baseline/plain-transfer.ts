import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

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
  const server = spawn(process.execPath, ['--no-warnings', script('plain-server.ts'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  const client = async (...args: string[]): Promise<void> => {
    const child = spawn(process.execPath, ['--no-warnings', script('plain-client.ts'), ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the plain client ended with ${code}`);
  };
  const address = `http://127.0.0.1:${port}`;
  return {
    put: (file) => client('put', address, file, folder),
    get: (file) => client('get', address, file, folder),
    close: () => void server.kill(),
  };
}
