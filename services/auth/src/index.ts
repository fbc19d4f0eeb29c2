export { createAuth, type Auth, type AuthOptions } from './app.ts';
export { authConfig } from './config.ts';
export { accountsTopic } from './events.ts';
export { originsLike } from './origin-of.ts';

/** The folder of auth's migrations. */
export const migrations = new URL('../migrations/', import.meta.url);
