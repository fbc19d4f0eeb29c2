export { startPostgresServer, type PostgresServer, type PostgresServerOptions } from './start-server.ts';
export { ServerFailed, ServerRunning } from './errors.ts';
