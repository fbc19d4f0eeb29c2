export { createShare, type Share, type ShareOptions } from './app.ts';

/** The folder of share's migrations, for `migrate` of the postgres package. */
export const migrations = new URL('../migrations/', import.meta.url);
