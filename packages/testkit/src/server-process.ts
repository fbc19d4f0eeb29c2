import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ownsPort } from './port-owner.ts';

/** What to run, and how to know that it is up. */
export type ServerProcessOptions = {
  /** Names its log, `NAME.log` in `folder`, and itself in messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** All of its environment, but for PATH. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Its working folder; created if missing. */
  readonly folder: string;
  /** The TCP port of 127.0.0.1 that it must come to listen on itself. */
  readonly port: number;
  /** Asked again and again once the process owns its port, until it answers true; what it throws means not yet. */
  readonly isReady?: ((pid: number) => Promise<boolean>) | undefined;
  /** How long the start may take; default 30 s. */
  readonly startTimeoutMs?: number | undefined;
  /** How long it may take to end when asked to, before it is killed; default 10 s. */
  readonly stopTimeoutMs?: number | undefined;
};

/** A server as a process of its own. */
export type ServerProcess = {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly logFile: string;
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<void>;
  /** SIGTERM, and SIGKILL if that is not enough; resolves when it has ended. May be called again. */
  stop(): Promise<void>;
  /** SIGKILL at once; resolves when it has ended. */
  kill(): Promise<void>;
};

/**
 * Starts a server; resolves when the process started here listens on the port and says that it is ready. Throws, with
 * the end of its log, when it ends before or takes too long. On Linux the kernel kills it when this process dies, even
 * by `kill -9` (prctl(2), PR_SET_PDEATHSIG).
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { name, folder, port, stopTimeoutMs = 10_000 } = options;
  await mkdir(folder, { recursive: true });
  const logFile = path.join(folder, `${name}.log`);
  const child = await launch(options, logFile);
  const ended = hasEnded(child) ? Promise.resolve() : once(child, 'exit').then(() => {});
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    const patience = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await ended;
    clearTimeout(patience);
  };
  const server = { name, pid: child.pid ?? 0, port, logFile, ended, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
  try {
    await untilReady(child, options);
    return server;
  } catch (cause) {
    await server.kill();
    const log = await readFile(logFile, 'utf8').catch(() => '');
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${name} did not start: ${why}. The end of its log:\n${log.slice(-4_000)}`, { cause });
  }
}

async function launch({ command, args, env, folder }: ServerProcessOptions, logFile: string): Promise<ChildProcess> {
  const [program, flags] = diesWithParent() ? ['setpriv', ['--pdeathsig', 'KILL', command, ...args]] : [command, args];
  const log = await open(logFile, 'a', 0o600);
  try {
    const child = spawn(program, flags, {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', log.fd, log.fd],
      // Its own process group: a Ctrl-C on the terminal reaches us alone, and we stop it in our order.
      detached: true,
    });
    await once(child, 'spawn');
    return child;
  } finally {
    await log.close();
  }
}

let canDieWithParent: boolean | undefined;

function diesWithParent(): boolean {
  canDieWithParent ??=
    process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore' }).status === 0;
  return canDieWithParent;
}

async function untilReady(child: ChildProcess, options: ServerProcessOptions): Promise<void> {
  const { port, isReady = async () => true, startTimeoutMs = 30_000 } = options;
  const deadlineMs = performance.now() + startTimeoutMs;
  const pid = child.pid ?? 0;
  let cause: unknown;
  for (;;) {
    if (hasEnded(child)) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`, { cause });
    try {
      if ((await ownsPort(pid, port)) && (await isReady(pid))) return;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadlineMs) throw new Error(`it was not ready within ${startTimeoutMs} ms`, { cause });
    await delay(20);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
