import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import path from 'node:path';
import type { ServiceName } from '@driftbox/protocol';

/** The project's root folder. */
export const projectFolder = path.resolve(import.meta.dirname, '../..');

/** A standalone server in a process of its own. */
export type StandaloneProcess = {
  readonly address: string;
  /** The one-time secret that makes the first administrator, on the first start. */
  readonly invitation: string | undefined;
  /** Where each service answers the cell's own routes, with `DRIFTBOX_INTERNAL_PORT`. */
  readonly internal: Readonly<Record<ServiceName, string>> | undefined;
  /** The tenants of the files that it was given. */
  readonly tenants: readonly FiledTenant[];
  readonly pid: number;
  /** Resolves when it has ended, however that came: its exit code, or `null` after a signal. */
  readonly ended: Promise<number | null>;
  /** What it has written to standard error, its newest 20,000 characters. */
  complaints(): string;
  /** From spawn to ready. */
  readonly startSeconds: number;
  /** SIGTERM, then waits until it has drained and ended; answers its exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL to the server alone: its PostgreSQL is left behind, as a crash would leave it. */
  kill(): Promise<void>;
};

/** A tenant that a file asked for, as the server says that it made it. */
export type FiledTenant = {
  readonly name: string;
  readonly tenantId: string;
  readonly hosts: readonly string[];
  readonly invitation?: string;
};

type Ready = {
  readonly address: string;
  readonly tenants?: readonly FiledTenant[];
  readonly internal?: Readonly<Record<ServiceName, string>>;
  readonly firstAdministrator?: { readonly invitation: string };
};

/** A server that ended before it was ready, with what it said to standard error. */
export class StartFailed extends Error {
  readonly exitCode: number | null;

  constructor(exitCode: number | null, complaints: string) {
    super(`the standalone server ended before it was ready:\n${complaints}`);
    this.name = 'StartFailed';
    this.exitCode = exitCode;
  }
}

/**
 * Starts the standalone server on a data folder and a free port, with further arguments if any, from another checkout than
 * this if one is named. Throws `StartFailed` if it ends before it is ready.
 */
export async function startStandaloneProcess(
  dataFolder: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
  checkout = projectFolder,
): Promise<StandaloneProcess> {
  const startMs = performance.now();
  const child = spawn(process.execPath, ['--no-warnings', path.join(checkout, 'standalone/src/main.ts'), '--json', ...args], {
    cwd: checkout,
    env: { ...process.env, DRIFTBOX_DATA: dataFolder, DRIFTBOX_PORT: '0', DRIFTBOX_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-20_000)));
  // 'close', not 'exit': by then everything it said has been read.
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const ready = await Promise.race([firstLine(child), ended.then(() => undefined)]);
  if (ready === undefined) throw new StartFailed(await ended, complaints);
  const { address, internal, firstAdministrator, tenants = [] } = JSON.parse(ready) as Ready;
  return {
    address,
    invitation: firstAdministrator?.invitation,
    internal,
    tenants,
    pid: child.pid!,
    ended,
    complaints: () => complaints,
    startSeconds: (performance.now() - startMs) / 1000,
    stop: () => end(child, 'SIGTERM'),
    kill: async () => void (await end(child, 'SIGKILL')),
  };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  for await (const line of createInterface({ input: child.stdout! })) {
    child.stdout!.resume();
    return line;
  }
  return undefined;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  return (await exit)[0];
}
