import { readFileSync } from 'node:fs';

/** Clock ticks per second on every Linux that Node runs on (`getconf CLK_TCK`). */
const ticksPerSecond = 100;

/** What a process has used since it began: CPU seconds of it and its waited-for children, bytes written to disk, resident bytes now. */
export type ProcessUsage = { readonly cpuSeconds: number; readonly writtenBytes: number; readonly residentBytes: number };

/** Reads one process's usage from `/proc` (Linux). Throws when it is gone. */
export function processUsage(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  const io = readFileSync(`/proc/${pid}/io`, 'latin1');
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return {
    cpuSeconds: ticks / ticksPerSecond,
    writtenBytes: Number(/^write_bytes: (\d+)$/m.exec(io)?.[1] ?? 0),
    residentBytes: 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0),
  };
}

/** The process and all its descendants that live now. */
export function processTree(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  return [pid, ...(children === '' ? [] : children.split(' ').flatMap((child) => processTree(Number(child))))];
}
