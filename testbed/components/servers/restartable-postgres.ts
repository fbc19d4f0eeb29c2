import { startPostgresServer, type PostgresServer, type PostgresServerOptions } from '@driftbox/postgres-server';
import type { RestartableNode } from '../component.ts';

/** A PostgreSQL that keeps its folder and TCP port over restarts. */
export type PostgresNode = RestartableNode & {
  /** As it runs now: another object, with another socket, after `start`. */
  readonly server: () => PostgresServer;
  stop(): Promise<void>;
};

/** Starts one. */
export async function restartablePostgres(options: PostgresServerOptions): Promise<PostgresNode> {
  let server = await startPostgresServer(options);
  const port = server.tcpPort;
  return {
    server: () => server,
    pid: () => server.pid,
    kill: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
    },
    start: async () => void (server = await startPostgresServer({ ...options, port })),
    stop: () => server.stop(),
  };
}
