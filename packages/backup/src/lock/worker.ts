import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded as processHasEnded, startOf } from '@driftbox/processes';

/** Who works where backups are, and by which clock. */
export type Worker = {
  readonly host: string;
  readonly pid: number;
  /** Names this process to others on this machine; absent where they could not tell whether it has ended. */
  readonly process?: string;
  /** Whether a process of that name is known to have ended. */
  readonly hasEnded: (process: string) => boolean;
  readonly now: () => number;
  /** Does something again and again; answers what ends that. */
  readonly every: (ms: number, work: () => void) => () => void;
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
};

/** This process. */
export function thisWorker(): Worker {
  const own = nameOf(process.pid);
  return {
    host: hostname(),
    pid: process.pid,
    ...(own === undefined ? {} : { process: own }),
    hasEnded,
    now: Date.now,
    every(ms, work) {
      const timer = setInterval(work, ms).unref();
      return () => clearInterval(timer);
    },
    sleep: (ms, signal) => delay(ms, undefined, { signal }),
  };
}

/**
 * A process by the boot of its machine, its namespace, its number and when it began: numbers are used again, and containers count their
 * own. Undefined where there is no `/proc`.
 */
function nameOf(pid: number): string | undefined {
  const start = startOf(pid);
  if (start === undefined) return undefined;
  try {
    return [start.boot, readlinkSync('/proc/self/ns/pid'), pid, start.began].join('/');
  } catch {
    return undefined;
  }
}

/** False wherever it cannot be told: of another machine or container, or where other people's processes are hidden. */
function hasEnded(name: string): boolean {
  const [boot = '', namespace, pid, began = ''] = name.split('/');
  const own = nameOf(process.pid)?.split('/');
  return own !== undefined && own[0] === boot && own[1] === namespace && processHasEnded(Number(pid), { boot, began });
}
