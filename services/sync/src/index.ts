export { createSync, type Sync, type SyncOptions } from './app.ts';
export { followMostSockets } from './most-sockets.ts';

/** The folder of sync's migrations, for `migrate` of the postgres package. */
export const migrations = new URL('../migrations/', import.meta.url);
