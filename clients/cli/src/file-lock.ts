import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '@driftbox/processes';
import { LocalError } from '@driftbox/transfer';

/** Nobody holds a lock this long: the work under it is one short request. */
const staleMs = 90_000;

/**
 * Runs `work` while no other process of this user does under the same lock file. A lock whose process has died, or that is
 * older than any work takes, is taken over. Throws `LocalError` after `patienceMs`.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>, patienceMs: number = staleMs): Promise<T> {
  const endMs = performance.now() + patienceMs;
  for (let pauseMs = 5; !(await take(file)); pauseMs = Math.min(2 * pauseMs, 200)) {
    if (await isStale(file)) await rm(file, { force: true });
    else if (performance.now() > endMs) throw new LocalError(`another driftbox holds ${file}`);
    else await delay(pauseMs * (0.5 + Math.random()));
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    const [pid, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    // An empty lock was just made by somebody who has not written it yet.
    if (Date.now() - mtimeMs > staleMs) return true;
    return /^\d+$/.test(pid) && !isAlive(Number(pid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
