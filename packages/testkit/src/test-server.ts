import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { servesFolder, startPostgresServer } from '@driftbox/postgres-server';
import { isAlive } from '@driftbox/processes';
import { endProcessesIn } from './end-processes-in.ts';
import { waitFor } from './wait-for.ts';

/** The administrator's connection to the test run's server. */
export type TestServer = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly pid: number;
};

const folderVariable = 'DRIFTBOX_TEST_RUN';
const prefix = 'driftbox-run-';

/** Prepares a test run: one folder, known to all its workers, in which the first that needs a server starts it. Answers the folder. */
export async function openTestRun(): Promise<string> {
  await endAbandonedRuns();
  const folder = await mkdtemp(path.join(tmpdir(), `${prefix}${process.pid}-`));
  process.env[folderVariable] = folder;
  return folder;
}

/** Ends a test run: stops its server, if any worker needed one, and removes everything. */
export async function closeTestRun(): Promise<void> {
  const folder = process.env[folderVariable];
  if (folder !== undefined) await endRun(folder);
}

/** The run's server, started by whoever asks first. Several processes may ask at once. */
export async function testServer(): Promise<TestServer> {
  const folder = process.env[folderVariable];
  if (folder === undefined) throw new Error("no test run is open: run jest with the repository's configuration");
  const known = await readServer(folder);
  if (known !== undefined) return known;
  const mine = await mkdir(path.join(folder, 'starting')).then(
    () => true,
    () => false,
  );
  if (mine) await start(folder);
  return waitFor(() => readServer(folder), { deadlineMs: 30_000, what: "the start of the test run's PostgreSQL" });
}

async function start(folder: string): Promise<void> {
  try {
    await chmod(folder, 0o755);
    const server = await startPostgresServer({ folder: path.join(folder, 'postgres'), durability: 'fast', detached: true });
    const file = path.join(folder, 'server.json');
    await writeFile(`${file}.new`, JSON.stringify({ ...server.connection, pid: server.pid }));
    await rename(`${file}.new`, file);
  } catch (error) {
    await rmdir(path.join(folder, 'starting'));
    throw error;
  }
}

async function readServer(folder: string): Promise<TestServer | undefined> {
  const text = await readFile(path.join(folder, 'server.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as TestServer);
}

async function endRun(folder: string): Promise<void> {
  const server = await readServer(folder);
  if (server !== undefined) {
    // By its folder, not by its number alone, which another process may have by now.
    const serves = (): boolean => servesFolder(server.pid, path.join(folder, 'postgres', 'data'));
    if (serves()) process.kill(server.pid, 'SIGQUIT');
    await waitFor(() => !serves(), { deadlineMs: 10_000, what: "the end of the test run's PostgreSQL" });
    await rm(server.host, { recursive: true, force: true });
  }
  await endProcessesIn(folder);
  await rm(folder, { recursive: true, force: true });
}

/** A run that was killed leaves its server running; the next run, of anybody on this machine, ends it. */
async function endAbandonedRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN;
    if (Number.isInteger(pid) && !isAlive(pid)) await endRun(path.join(tmpdir(), name)).catch(() => {});
  }
}
