import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { commandOf, processTree, readProcess, ticksPerSecond } from '@driftbox/processes';
import { partName } from './part-name.ts';

/** What one process has in use: CPU seconds since it began, memory of its own alone, open files, and sockets among them. */
export type ProcessUsage = {
  readonly pid: number;
  readonly part: string;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  readonly files: number;
  readonly sockets: number;
};

/** A process and all below it, as they are now (Linux). One that ends meanwhile is left out. */
export function readProcesses(root: number): ProcessUsage[] {
  return processTree(root).flatMap((pid) => {
    try {
      return [readUsage(pid)];
    } catch {
      return [];
    }
  });
}

function readUsage(pid: number): ProcessUsage {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const links = readdirSync(`/proc/${pid}/fd`).map((file) => linkOf(pid, file));
  return {
    pid,
    part: partName(commandOf(pid)),
    cpuSeconds: readProcess(pid)?.cpuSeconds ?? 0,
    // What processes share, as PostgreSQL's do, would count for each.
    memoryBytes: 1024 * Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0),
    files: links.length,
    sockets: links.filter((link) => link.startsWith('socket:')).length,
  };
}

function linkOf(pid: number, file: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${file}`);
  } catch {
    return '';
  }
}

/** Seconds of all cores since the machine began: how many in all, how many with work, how many waiting for a disk. */
export function readMachine(): { readonly all: number; readonly busy: number; readonly waiting: number } {
  const [, ...numbers] = (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '').split(/\s+/);
  const ticks = numbers.slice(0, 8).map((text) => Number(text) / ticksPerSecond);
  const all = ticks.reduce((sum, one) => sum + one, 0);
  const [idle = 0, waiting = 0] = ticks.slice(3);
  return { all, busy: all - idle - waiting, waiting };
}
