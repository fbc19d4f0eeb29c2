import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { emailOf } from './email-of.ts';
import { keepTestLogs } from './keep-logs.ts';
import { createCli, type Cli } from './run-cli.ts';
import { startStandaloneProcess, type StandaloneProcess } from './standalone-process.ts';

/** A password for people who exist only here. */
export const worldPassword = 'correct horse battery staple';

/** A standalone server of its own, an administrator signed up from the command line, and a folder to work in. */
export type World = {
  readonly folder: string;
  readonly dataFolder: string;
  /** Stays the same after `restart`. */
  readonly address: string;
  /** The administrator's. */
  readonly email: string;
  readonly cli: Cli;
  /** The server as it runs now: another object after `restart`. */
  readonly server: () => StandaloneProcess;
  readonly passwordFile: string;
  /** Starts the server again on the same data and port, after it was stopped or killed. */
  readonly restart: () => Promise<void>;
  /** Stops the server and removes everything. */
  readonly close: () => Promise<void>;
};

/** Starts a world under the system's temporary folder. Close it, also after a failure. */
export async function startWorld(env: Readonly<Record<string, string>> = {}): Promise<World> {
  const folder = await mkdtemp(path.join(tmpdir(), 'driftbox-world-'));
  // PostgreSQL may run as another user, who must be able to pass through.
  await chmod(folder, 0o711);
  const dataFolder = path.join(folder, 'data');
  await mkdir(dataFolder);
  const passwordFile = path.join(folder, 'password');
  await writeFile(passwordFile, `${worldPassword}\n`, { mode: 0o600 });
  let server = await startStandaloneProcess(dataFolder, env);
  const cli = createCli(path.join(folder, 'config'));
  const { address } = server;
  const { port } = new URL(address);
  const email = emailOf('ada');
  const world: World = {
    folder,
    dataFolder,
    address,
    email,
    cli,
    server: () => server,
    passwordFile,
    restart: async () => void (server = await startStandaloneProcess(dataFolder, { ...env, DRIFTBOX_PORT: port })),
    close: async () => {
      await server.stop();
      await keepTestLogs(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    if (server.invitation === undefined) throw new Error('a new data folder gave no invitation for its first administrator');
    await cli.must(
      'signup',
      '--server',
      address,
      '--email',
      email,
      '--name',
      'Ada',
      '--password-file',
      passwordFile,
      '--invitation',
      server.invitation,
    );
  } catch (error) {
    await world.close();
    throw error;
  }
  return world;
}
