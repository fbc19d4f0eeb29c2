import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { processTree } from '@driftbox/processes';

/** The process of a standalone server's PostgreSQL, from its own lock file. */
export async function databasePid(dataFolder: string): Promise<number> {
  const text = await readFile(path.join(dataFolder, 'postgres', 'data', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

/** Sends a signal to PostgreSQL and to every process it has started (Linux: /proc). */
export async function signalDatabase(dataFolder: string, signal: NodeJS.Signals): Promise<void> {
  const pid = await databasePid(dataFolder);
  process.kill(pid, signal);
  for (const child of processTree(pid).slice(1)) process.kill(child, signal);
}
