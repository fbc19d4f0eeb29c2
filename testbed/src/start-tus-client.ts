import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';
import type { TusPlace } from './tus-upload.ts';

/** What a client's process is to send where; with `uploadUrl` it goes on with an upload that was begun. */
export type TusClientTask = TusPlace & { readonly file: string; readonly uploadUrl?: string };

/** A running client, and how far it has come. */
export type TusClient = {
  readonly process: ChildProcess;
  /** Bytes that the server has said it has; 0 before the first answer. */
  acceptedBytes(): number;
  /** Where the file is begun, as it said with its first answer. */
  url(): string | undefined;
};

/** Starts the unmodified client of tus as a process of its own. What it complains of comes on its stderr. */
export function startTusClient(task: TusClientTask): TusClient {
  const main = path.join(import.meta.dirname, 'tus-client.ts');
  const child = spawn(process.execPath, ['--no-warnings', main, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let last: { readonly url?: string; readonly acceptedBytes: number } = { acceptedBytes: 0 };
  createInterface(child.stdout).on('line', (line) => (last = JSON.parse(line) as typeof last));
  return { process: child, acceptedBytes: () => last.acceptedBytes, url: () => last.url };
}
