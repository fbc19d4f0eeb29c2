import { readlink } from 'node:fs/promises';
import path from 'node:path';
import { allProcesses } from '@driftbox/processes';
import { waitFor } from './wait-for.ts';

/**
 * Kills every process whose working folder lies in `folder`, and waits until they are gone: servers that outlived the run
 * that started them there, such as the workers of a server that was killed. Where there is no `/proc` it does nothing.
 */
export async function endProcessesIn(folder: string): Promise<void> {
  for (const pid of await processesIn(folder)) kill(pid);
  await waitFor(async () => (await processesIn(folder)).length === 0, {
    deadlineMs: 10_000,
    what: `the end of all processes in ${folder}`,
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function processesIn(folder: string): Promise<number[]> {
  const pids = allProcesses().filter((pid) => pid !== process.pid);
  const held = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      return cwd.startsWith(`${folder}${path.sep}`) ? [pid] : [];
    }),
  );
  return held.flat();
}
