import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';

/** `postmaster.pid` (PostgreSQL source, `src/include/utils/pidfile.h`): line 1 the process, line 8 its status. */
export type PidFile = { readonly pid: number; readonly ready: boolean };

/** What the file says, or `undefined` while there is none or it is not complete. */
export async function readPidFile(dataFolder: string): Promise<PidFile | undefined> {
  const text = await readFile(path.join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isInteger(pid) || pid === 0) return undefined;
  return { pid, ready: lines[7]?.trim() === 'ready' };
}

/** True when `pid` is a live postgres process that serves `dataFolder`, and not a later process that got its number. */
export async function servesFolder(pid: number, dataFolder: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (process.platform !== 'linux') return true;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.split('\0').includes(dataFolder);
}

/**
 * Removes what a killed server left behind. PostgreSQL does this itself unless the process number in the file is in
 * use again by another process of the same user, after which it would never start: hence the look at who that is.
 */
export async function removeStalePidFile(dataFolder: string): Promise<{ runningPid: number | undefined }> {
  const found = await readPidFile(dataFolder);
  if (found !== undefined && (await servesFolder(found.pid, dataFolder))) return { runningPid: found.pid };
  await rm(path.join(dataFolder, 'postmaster.pid'), { force: true });
  return { runningPid: undefined };
}
