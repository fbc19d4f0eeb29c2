import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandOf, isAlive } from '@driftbox/processes';

/** `postmaster.pid` (PostgreSQL source, `src/include/utils/pidfile.h`): line 1 the process, 5 the socket's folder, 8 its status. */
export type PidFile = { readonly pid: number; readonly socketFolder: string; readonly ready: boolean };

/** What the folders begin with that a server is given for its socket; they are temporary. */
export const socketFolderPrefix = 'driftbox-pg-';

/** What the file says, or `undefined` while there is none or it is not complete. */
export async function readPidFile(dataFolder: string): Promise<PidFile | undefined> {
  const text = await readFile(path.join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isInteger(pid) || pid === 0) return undefined;
  return { pid, socketFolder: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' };
}

/** True when `pid` is a live postgres process that serves `dataFolder`, and not a later process that got its number. */
export function servesFolder(pid: number, dataFolder: string): boolean {
  return isAlive(pid) && (process.platform !== 'linux' || commandOf(pid).includes(dataFolder));
}

/**
 * Makes way for a new server on a folder that this process has claimed. A server still running there has lost the process
 * that managed it: it is told to shut down, and after `patienceMs` to drop everything. A lock file without a server is
 * removed: PostgreSQL does so itself, unless its number is in use again by another process, after which it never starts.
 */
export async function clearFolder(dataFolder: string, patienceMs: number): Promise<void> {
  const found = await readPidFile(dataFolder);
  if (found !== undefined) {
    const startMs = performance.now();
    for (let signal: NodeJS.Signals | 0 = 'SIGINT'; servesFolder(found.pid, dataFolder); signal = 0) {
      process.kill(found.pid, performance.now() - startMs > patienceMs ? 'SIGQUIT' : signal);
      await delay(10);
    }
    if (path.basename(found.socketFolder).startsWith(socketFolderPrefix)) await rm(found.socketFolder, { recursive: true, force: true });
  }
  await rm(path.join(dataFolder, 'postmaster.pid'), { force: true });
}
