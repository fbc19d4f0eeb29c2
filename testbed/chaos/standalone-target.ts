import { appendFile, chmod, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { processTree } from '@driftbox/processes';
import { startFaultProxy } from '@driftbox/testkit';
import { addWrongClock, canHaveWrongClock } from '../components/servers/faketime.ts';
import { cellOf } from '../src/add-tenant.ts';
import { startStandaloneProcess, type StandaloneProcess } from '../src/standalone-process.ts';
import { checkTenant } from './check-tenant.ts';
import { diskPool } from './disk-pool.ts';
import { hastySettings } from './hasty-settings.ts';
import { addSmallDisk, canHaveSmallDisk, type SmallDisk } from './small-disk.ts';
import type { ChaosPart, ChaosTarget } from './target.ts';

const settings = { DRIFTBOX_SIGN_UP: 'open', DRIFTBOX_INTERNAL_PORT: '0', ...hastySettings };
type Settings = Readonly<Record<string, string>>;

/** Twice what ten minutes of the quickest machine so far have put there. */
const diskMiB = 1_024;

/** A standalone server as it runs now, and its start again, however many ask for that at once. */
class Server {
  readonly #folder: string;
  readonly #settings: Settings;
  #running: StandaloneProcess;
  #starting: Promise<void> | undefined;

  constructor(folder: string, env: Settings, running: StandaloneProcess) {
    this.#folder = folder;
    this.#settings = env;
    this.#running = running;
    this.#watch();
  }

  get running(): StandaloneProcess {
    return this.#running;
  }

  /** Once it has started, if it is about to. */
  async settled(): Promise<StandaloneProcess> {
    await this.#starting?.catch(() => {});
    return this.#running;
  }

  async start(): Promise<void> {
    this.#starting ??= this.#startUnlessRunning().finally(() => (this.#starting = undefined));
    await this.#starting;
  }

  async #startUnlessRunning(): Promise<void> {
    const { pid, address } = this.#running;
    if (processTree(pid).length > 0) return;
    this.#running = await startStandaloneProcess(dataIn(this.#folder), {
      ...this.#settings,
      DRIFTBOX_PORT: new URL(address).port,
    });
    this.#watch();
  }

  #watch(): void {
    const { pid, ended, complaints } = this.#running;
    void ended.then((code) =>
      appendFile(path.join(this.#folder, 'server.log'), `${complaints()}\nprocess ${pid} ended with ${code ?? 'a signal'}\n`),
    );
  }
}

const dataIn = (folder: string): string => path.join(folder, 'data');

/** A standalone server with a fault proxy before it and, where this process may mount one, a small disk under its pool. */
export async function startStandaloneTarget(): Promise<ChaosTarget> {
  const folder = await mkdtemp(path.join(tmpdir(), 'driftbox-chaos-'));
  // PostgreSQL may run as another user, who must be able to pass through.
  await chmod(folder, 0o711);
  await mkdir(dataIn(folder));
  const poolFolder = path.join(dataIn(folder), 'pool');
  const disk = canHaveSmallDisk() ? await addSmallDisk(poolFolder, diskMiB) : undefined;
  try {
    return await start(folder, poolFolder, disk);
  } catch (error) {
    await disk?.remove();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function start(folder: string, poolFolder: string, disk: SmallDisk | undefined): Promise<ChaosTarget> {
  const clock = canHaveWrongClock() ? await addWrongClock(path.join(folder, 'clock')) : undefined;
  const env = { ...settings, ...clock?.environment };
  const server = new Server(folder, env, await startStandaloneProcess(dataIn(folder), env));
  const { hostname: host, port, origin } = new URL(server.running.address);
  const links = {
    clients: await startFaultProxy({ host, port: Number(port) }),
    devices: await startFaultProxy({ host, port: Number(port) }),
  };
  const { serviceKey, defaultTenant } = await cellOf(dataIn(folder));
  const what = { configFolder: path.join(folder, 'admin'), serviceKey, tenantId: defaultTenant };
  return {
    name: 'standalone',
    address: `http://${links.clients.host}:${links.clients.port}`,
    deviceAddress: `http://${links.devices.host}:${links.devices.port}`,
    directAddress: origin,
    clientEnvironment: {},
    folder,
    parts: [serverPart(server), postgresPart(folder, server)],
    links,
    pool: diskPool(poolFolder),
    fill: disk && (() => disk.fill()),
    clocks: clock && { parts: ['server'], set: (_part, offMs) => clock.set(offMs) },
    missing: [
      ...(disk === undefined ? ['a full disk (that takes root on Linux)'] : []),
      ...(clock === undefined ? ['a wrong clock (npm run components -- install faketime)'] : []),
    ],
    check: () => checkTenant({ ...what, upload: () => server.running.internal?.upload ?? '' }),
    close: async (keep) => {
      for (const proxy of Object.values(links)) await proxy.close();
      await (await server.settled()).stop();
      if (keep && disk !== undefined) await cp(poolFolder, path.join(folder, 'pool'), { recursive: true });
      await disk?.remove();
      if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
}

function serverPart(server: Server): ChaosPart {
  return {
    name: 'server',
    kill: async () => (await server.settled()).kill(),
    start: () => server.start(),
    pids: async () => processTree((await server.settled()).pid),
  };
}

/** Its PostgreSQL, without which a server ends. */
function postgresPart(folder: string, server: Server): ChaosPart {
  const find = async (): Promise<number[]> => {
    const file = await readFile(path.join(dataIn(folder), 'postgres/data/postmaster.pid'), 'utf8').catch(() => '');
    return processTree(Number(file.split('\n')[0]));
  };
  return {
    name: 'postgres',
    kill: async () => {
      const { ended } = await server.settled();
      const [pid] = await find();
      if (pid === undefined) return;
      process.kill(pid, 'SIGKILL');
      await ended;
    },
    start: () => server.start(),
    pids: find,
  };
}
