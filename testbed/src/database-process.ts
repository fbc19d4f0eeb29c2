import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

/** The process of a standalone server's PostgreSQL, from its own lock file. */
export async function databasePid(dataFolder: string): Promise<number> {
  const text = await readFile(path.join(dataFolder, 'postgres', 'data', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

/** Sends a signal to PostgreSQL and to every process it has started (Linux: /proc). */
export async function signalDatabase(dataFolder: string, signal: NodeJS.Signals): Promise<void> {
  const pid = await databasePid(dataFolder);
  process.kill(pid, signal);
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : '';
    // proc(5): after the name in parentheses come the state and the parent.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 1).split(' ')[2]);
    if (parent === pid) process.kill(Number(name), signal);
  }
}
