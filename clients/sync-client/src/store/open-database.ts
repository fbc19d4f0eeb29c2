import { DatabaseSync } from 'node:sqlite';
import { formats } from './schema.ts';
import { StoreDamaged, StoreTooNew, isDamage } from './store-damaged.ts';

/** Bytes of pages that SQLite may keep in memory, whatever the size of the folder. */
const cacheKib = 16 * 1024;
/** Bytes that the write-ahead log keeps on disk after a burst. */
const keptLogBytes = 16 * 2 ** 20;

/**
 * Opens the file of a store, made if need be, and brings it to the newest format. The log is not forced to disk by every
 * commit (a power failure loses the newest observations, which are made again, never the order of them): the store forces
 * it where an unanswered operation depends on it. Throws `StoreDamaged` or `StoreTooNew`.
 */
export function openDatabase(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 5_000 });
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${cacheKib};
      PRAGMA journal_size_limit = ${keptLogBytes}; PRAGMA temp_store = MEMORY`);
    migrate(database, file);
    return database;
  } catch (error) {
    database?.close();
    throw isDamage(error) ? new StoreDamaged(file, error) : error;
  }
}

function migrate(database: DatabaseSync, file: string): void {
  const format = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (format > formats.length) throw new StoreTooNew(file, format);
  for (const [index, step] of formats.entries()) {
    if (index >= format) database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}
