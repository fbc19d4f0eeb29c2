import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { Report } from './installable.ts';

const pollMs = 200;
const deadlineMs = 40 * 60_000;

/**
 * Runs `work` while no other process runs it under the same file. The lock is SQLite's lock on that file: the system drops
 * it when its holder dies, so none is ever stale. Throws after 40 minutes of waiting.
 */
export async function withInstallLock<T>(file: string, report: Report, work: () => Promise<T>): Promise<T> {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    const giveUpAtMs = performance.now() + deadlineMs;
    for (let told = false; !tryLock(database); told = true) {
      if (performance.now() > giveUpAtMs) throw new Error(`another process has held ${file} for ${deadlineMs / 60_000} minutes`);
      if (!told) report('waiting for another process that installs it');
      await delay(pollMs);
    }
    return await work();
  } finally {
    database.close();
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (String(Object(error).message).includes('locked')) return false;
    throw error;
  }
}
