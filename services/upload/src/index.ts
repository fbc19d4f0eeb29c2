export { readKeys, transitSettings, type KeySettings } from './keys/key-settings.ts';
export { openKeys } from './keys/open-keys.ts';
export { createUpload, type Upload, type UploadOptions } from './app.ts';
export { openPool } from './open-pool.ts';
export { inTwoPlaces, mirrorFolderSettings, type PoolSettings } from './pool-settings.ts';
export { readUpkeep, upkeepSettings } from './upkeep-settings.ts';

/** The folder of this service's migrations, for `migrate` and for tests. */
export const uploadMigrations = new URL('../migrations/', import.meta.url);
