import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createCli, type Cli } from './run-cli.ts';
import type { World } from './world.ts';

/** Whose device it is to be, and where. */
export type DeviceOwner = Pick<World, 'folder' | 'address' | 'email' | 'passwordFile'> & {
  /** What its programs need in their environment besides. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Signs the device of that name in otherwise than by the password. */
  readonly signIn?: (cli: Cli, name: string) => Promise<void>;
};

/** One device of the world's user: its own sign-in, a synced folder, and the sync process when it runs. */
export type SyncDevice = {
  readonly name: string;
  readonly folder: string;
  readonly cli: Cli;
  /** Starts `driftbox sync`, with these flags, unless it runs. */
  start(...flags: string[]): void;
  /** Ends it as a person would (SIGINT) and waits. */
  stop(): Promise<void>;
  /** SIGKILL, and waits. */
  kill(): Promise<void>;
  /** One whole pass in the foreground, while nothing runs. */
  syncOnce(...flags: string[]): Promise<void>;
  readonly pid: () => number | undefined;
  /** How it stands, as it said itself last; `undefined` before it said anything. It says so a moment late: `status` tells. */
  saidState(): string | undefined;
  /** The newest of what it has printed: to be shown when something went wrong. */
  complaints(): string;
};

const keptCharacters = 20_000;

/** Signs in a device of its own and makes its folder. `server` may be a relay before the world's server. */
export async function addSyncDevice(world: DeviceOwner, name: string, server = world.address): Promise<SyncDevice> {
  const home = path.join(world.folder, `device-${name}`);
  const folder = path.join(home, 'folder');
  await mkdir(folder, { recursive: true });
  const cli = createCli(path.join(home, 'config'), { ...world.environment, XDG_STATE_HOME: path.join(home, 'state') });
  const byPassword = ['--email', world.email, '--password-file', world.passwordFile, '--device', name];
  await (world.signIn === undefined ? cli.must('login', '--server', server, ...byPassword) : world.signIn(cli, name));
  let child: ChildProcess | undefined;
  let printed = '';
  let said: string | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const closed = once(running, 'close');
    running.kill(signal);
    await closed;
  };
  return {
    name,
    folder,
    cli,
    start: (...flags) => {
      if (child !== undefined && child.exitCode === null && child.signalCode === null) return;
      child = cli.start('sync', folder, '--json', ...flags);
      said = undefined;
      child.on('exit', (code, signal) => (printed += `\n(ended with ${signal ?? code})\n`));
      createInterface({ input: child.stdout! }).on('line', (line) => (said = stateIn(line) ?? said));
      for (const stream of [child.stdout!, child.stderr!])
        stream.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-keptCharacters)));
    },
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    syncOnce: async (...flags) => void (await cli.must('sync', folder, '--once', ...flags)),
    pid: () => child?.pid,
    saidState: () => said,
    complaints: () => printed,
  };
}

/** The state that a printed line tells of, if it does; a line that a killed process left half written tells nothing. */
function stateIn(line: string): string | undefined {
  return /^\{.*"state":"(\w+)"/.exec(line)?.[1];
}
