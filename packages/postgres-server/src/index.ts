export { startPostgresServer, type PostgresServer, type PostgresServerOptions } from './start-server.ts';
export { findBinaries, type Binaries } from './binaries.ts';
export { servesFolder } from './pid-file.ts';
export { ServerFailed, ServerRunning } from './errors.ts';
