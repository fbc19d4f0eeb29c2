import { startServerProcess, type ServerProcess } from '@driftbox/testkit';

/** One process of a service. It keeps its ports when it is started again. */
export type Replica = {
  /** `upload-2`, for example. */
  readonly name: string;
  /** Where the gateway finds it, and where the cell does: `127.0.0.1:PORT`. */
  readonly address: string;
  readonly internal: string;
  readonly pid: () => number;
  /** SIGTERM, and waits until it has drained and ended. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, with these settings in place of what it had from now on; resolves when it is ready. */
  start(others?: Readonly<Record<string, string>>): Promise<void>;
};

/** How to start one. */
export type ReplicaOptions = {
  readonly name: string;
  /** The file that is run. */
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly internalPort: number;
  readonly folder: string;
};

/** Starts a replica; resolves when it says that it is ready. */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { name, main, port, internalPort, folder } = options;
  let { env } = options;
  const start = (): Promise<ServerProcess> =>
    startServerProcess({
      name,
      command: process.execPath,
      args: ['--no-warnings', main],
      env: { ...ofNode(), ...env },
      folder,
      port,
      startTimeoutMs: 60_000,
      // Longer than a service takes to drain.
      stopTimeoutMs: 30_000,
      isReady: async () => (await fetch(`http://127.0.0.1:${internalPort}/readyz`)).ok,
    });
  let server = await start();
  return {
    name,
    address: `127.0.0.1:${port}`,
    internal: `127.0.0.1:${internalPort}`,
    pid: () => server.pid,
    stop: () => server.stop(),
    kill: () => server.kill(),
    start: async (others = {}) => {
      env = { ...env, ...others };
      server = await start();
    },
  };
}

/** How this process was told to run (tools/bootstrap/run-task.mjs): what has been compiled once, and how much young garbage it bears. */
function ofNode(): Record<string, string> {
  const names = ['NODE_COMPILE_CACHE', 'NODE_OPTIONS'] as const;
  return Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}
