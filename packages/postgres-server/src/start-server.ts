import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findBinaries, type Binaries } from './binaries.ts';
import { claimFolder } from './claim-folder.ts';
import { ServerFailed } from './errors.ts';
import { initialise } from './initialise.ts';
import { clearFolder, readPidFile, socketFolderPrefix } from './pid-file.ts';
import { checkReachable, chooseUser, type RunAs } from './run-as.ts';
import { settingFlags, type Durability } from './settings.ts';

/** Where and how to serve. */
export type PostgresServerOptions = {
  /** Holds `data/` and `server.log`; created if missing. Everything in `data/` belongs to PostgreSQL. */
  readonly folder: string;
  readonly durability: Durability;
  /** Also listen on this TCP port of 127.0.0.1, with passwords; 0 takes a free one. Default: the Unix socket alone. */
  readonly port?: number | undefined;
  /** Further `postgresql.conf` settings. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** How long recovery after a crash may take; default 60 s. */
  readonly startTimeoutMs?: number | undefined;
  /** Leaves the server running when this process ends (it is then stopped by its pid). Default false. */
  readonly detached?: boolean | undefined;
};

/** A running server. */
export type PostgresServer = {
  /** The administrator's connection: by the Unix socket, in a folder that only the server's user (and root) may enter. */
  readonly connection: { readonly host: string; readonly port: number; readonly user: string; readonly database: string };
  /** The TCP port on 127.0.0.1, if it was asked for. */
  readonly tcpPort: number | undefined;
  readonly pid: number;
  /** Resolves when the process has ended, however it did; then the database is gone until started again. */
  readonly ended: Promise<void>;
  /** Disconnects everybody and stops cleanly; resolves when the process has ended. May be called again. */
  stop(): Promise<void>;
};

/**
 * Starts PostgreSQL on a folder, setting it up on the first start and recovering by itself after a crash or `kill -9`.
 * Resolves when the process that was started here accepts connections. Throws `ServerRunning` or `ServerFailed`.
 */
export async function startPostgresServer(options: PostgresServerOptions): Promise<PostgresServer> {
  const folder = path.resolve(options.folder);
  const binaries = await findBinaries();
  await mkdir(folder, { recursive: true });
  const release = await claimFolder(folder);
  try {
    return await startClaimed({ ...options, folder }, binaries, release);
  } catch (error) {
    await release();
    throw error;
  }
}

async function startClaimed(options: PostgresServerOptions, binaries: Binaries, release: () => Promise<void>): Promise<PostgresServer> {
  const { folder, startTimeoutMs = 60_000 } = options;
  const dataFolder = path.join(folder, 'data');
  const user = await chooseUser(dataFolder);
  await checkReachable(dataFolder, user);
  await checkReachable(binaries.postgres, user);
  if ((await stat(path.join(dataFolder, 'PG_VERSION')).catch(() => undefined)) === undefined) await initialise(binaries, dataFolder, user);
  await clearFolder(dataFolder, startTimeoutMs);
  const socketFolder = await makeSocketFolder(user);
  const tcpPort = options.port === 0 ? await freePort() : options.port;
  const child = await launchUntilReady(binaries, { ...options, dataFolder, socketFolder, tcpPort, user }, startTimeoutMs);
  const { pid } = child;
  assert(pid !== undefined, 'a process that was ready has a number');
  const ended = untilExit(child).then(async () => {
    await rm(socketFolder, { recursive: true, force: true });
    await release();
  });
  return {
    connection: { host: socketFolder, port: tcpPort ?? 5432, user: 'postgres', database: 'postgres' },
    tcpPort,
    pid,
    ended,
    stop: () => stop(child, ended),
  };
}

/**
 * After a `kill -9` of the server its children need a moment to notice; until then the shared memory is in use and a new
 * server ends at once with a message that says so. That one is tried again; any other failure is final.
 */
async function launchUntilReady(binaries: Binaries, launching: Launch, timeoutMs: number): Promise<ChildProcess> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const child = await launch(binaries, launching);
    try {
      await untilReady(child, launching.dataFolder, deadlineMs);
      return child;
    } catch (cause) {
      child.kill('SIGQUIT');
      await untilExit(child);
      const log = await logTail(launching.folder);
      if (!lastFatal(log).includes('shared memory block') || performance.now() > deadlineMs) {
        await rm(launching.socketFolder, { recursive: true, force: true });
        throw new ServerFailed(`PostgreSQL did not start; the end of its log:\n${log}`, { cause });
      }
      await delay(50);
    }
  }
}

async function untilExit(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function lastFatal(log: string): string {
  return log.split('\n').findLast((line) => line.includes('FATAL')) ?? '';
}

/** Short, because a socket's path is limited to 107 bytes, and closed to other users, because it asks no password. */
async function makeSocketFolder(user: RunAs): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir().length > 60 ? '/tmp' : tmpdir(), socketFolderPrefix));
  await chmod(folder, 0o700);
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  return folder;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

type Launch = PostgresServerOptions & {
  readonly dataFolder: string;
  readonly socketFolder: string;
  readonly tcpPort: number | undefined;
  readonly user: RunAs;
};

async function launch(binaries: Binaries, options: Launch): Promise<ChildProcess> {
  const { dataFolder, socketFolder, tcpPort, durability, settings = {} } = options;
  const address: Record<string, string> = tcpPort === undefined ? {} : { listen_addresses: '127.0.0.1', port: String(tcpPort) };
  const flags = settingFlags(durability, { unix_socket_directories: socketFolder, ...address, ...settings });
  const log = await open(path.join(options.folder, 'server.log'), 'a', 0o600);
  try {
    const child = spawn(binaries.postgres, ['-D', dataFolder, ...flags], {
      cwd: dataFolder,
      env: { LC_ALL: 'C' },
      stdio: ['ignore', log.fd, log.fd],
      // Its own process group: a Ctrl-C on the terminal must reach us first, so that we can drain before it stops.
      detached: true,
      ...options.user,
    });
    await once(child, 'spawn');
    if (options.detached === true) child.unref();
    return child;
  } finally {
    await log.close();
  }
}

async function untilReady(child: ChildProcess, dataFolder: string, deadlineMs: number): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it exited with ${child.exitCode ?? child.signalCode}`);
    const status = await readPidFile(dataFolder);
    if (status?.ready === true && status.pid === child.pid) return;
    if (performance.now() > deadlineMs) throw new Error('not ready before the deadline');
    await delay(5);
  }
}

/** SIGINT is PostgreSQL's fast shutdown: roll back what is open, write a checkpoint, end. After 30 s it is told to drop everything. */
async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
  const patience = setTimeout(() => child.kill('SIGQUIT'), 30_000);
  await ended;
  clearTimeout(patience);
}

async function logTail(folder: string): Promise<string> {
  const text = await readFile(path.join(folder, 'server.log'), 'utf8').catch(() => '(there is none)');
  return text.slice(-2_000);
}
