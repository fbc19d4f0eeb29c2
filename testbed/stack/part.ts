import type { ServerProcess } from '@driftbox/testkit';

/** One process of a stack that may be ended and started again on what it left, at the same place. */
export type Part = {
  /** `upload-2`, `kafka-1`, `gateway`. */
  readonly name: string;
  /** Its process as it runs now. */
  pid(): number;
  /** SIGKILL to it and its children; resolves when it has ended. */
  kill(): Promise<void>;
  /** Starts it again; resolves when it is ready. */
  start(): Promise<void>;
};

/** A process that was started by `start`, as a part; `stop` ends whichever process it is by then. */
export async function startPart(name: string, start: () => Promise<ServerProcess>): Promise<Part & { stop(): Promise<void> }> {
  let server = await start();
  return {
    name,
    pid: () => server.pid,
    kill: async () => {
      // The children of a server that is killed alone would keep its port: it leads a group of its own.
      process.kill(-server.pid, 'SIGKILL');
      await server.ended;
    },
    start: async () => void (server = await start()),
    stop: () => server.stop(),
  };
}
