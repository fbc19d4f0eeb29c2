import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keepTestLogs } from './keep-logs.ts';
import { startStandaloneProcess, type StandaloneProcess } from './standalone-process.ts';

/** A standalone server on a data folder of its own, to which anybody may sign up. */
export type OpenServer = {
  readonly folder: string;
  readonly dataFolder: string;
  readonly address: string;
  /** The server as it runs now: another object after `restart`. */
  readonly process: () => StandaloneProcess;
  /** Starts it again on the same data and port, after it ended. */
  readonly restart: () => Promise<void>;
  /** Stops it and removes everything. */
  readonly close: () => Promise<void>;
};

/** Starts one under the system's temporary folder; `prepare` is called with the data folder before. Close it, also after a failure. */
export async function openServer(
  env: Readonly<Record<string, string>> = {},
  prepare: (dataFolder: string) => Promise<void> = async () => {},
): Promise<OpenServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'driftbox-server-'));
  // PostgreSQL may run as another user, who must be able to pass through.
  await chmod(folder, 0o711);
  const dataFolder = path.join(folder, 'data');
  await mkdir(dataFolder);
  const settings = { DRIFTBOX_SIGN_UP: 'open', ...env };
  let server: StandaloneProcess;
  try {
    await prepare(dataFolder);
    server = await startStandaloneProcess(dataFolder, settings);
  } catch (error) {
    await keepTestLogs(folder);
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const { address } = server;
  return {
    folder,
    dataFolder,
    address,
    process: () => server,
    restart: async () => void (server = await startStandaloneProcess(dataFolder, { ...settings, DRIFTBOX_PORT: new URL(address).port })),
    close: async () => {
      await server.stop();
      await keepTestLogs(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
