import { readFileSync } from 'node:fs';
import { readProcess } from '@driftbox/processes';

/** What a process has used since it began: CPU seconds of it and its waited-for children, bytes written to disk, resident bytes now. */
export type ProcessUsage = { readonly cpuSeconds: number; readonly writtenBytes: number; readonly residentBytes: number };

/** Reads one process's usage from `/proc` (Linux). Throws when it is gone. */
export function processUsage(pid: number): ProcessUsage {
  const { cpuSeconds, childrenCpuSeconds } = readProcess(pid) ?? { cpuSeconds: 0, childrenCpuSeconds: 0 };
  const io = readFileSync(`/proc/${pid}/io`, 'latin1');
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return {
    cpuSeconds: cpuSeconds + childrenCpuSeconds,
    writtenBytes: Number(/^write_bytes: (\d+)$/m.exec(io)?.[1] ?? 0),
    residentBytes: 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0),
  };
}
