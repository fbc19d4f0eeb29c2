import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Somebody else serves this data folder. */
export class FolderInUse extends Error {
  constructor(folder: string) {
    super(`another DriftBox is running on ${folder}: stop it first, or choose another folder with DRIFTBOX_DATA`);
    this.name = 'FolderInUse';
  }
}

/**
 * Takes the data folder for this process until `release` is called or the process ends, however it ends: the lock is
 * SQLite's own file lock, which the operating system drops with the process. Throws `FolderInUse`.
 */
export function lockFolder(folder: string): { release(): void } {
  const database = new DatabaseSync(path.join(folder, 'lock'), { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) throw new FolderInUse(folder);
    throw error;
  }
  return { release: () => database.close() };
}

/** SQLITE_BUSY (sqlite.org/rescode.html). */
const sqliteBusy = 5;
