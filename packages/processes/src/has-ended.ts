import { readFileSync } from 'node:fs';
import { readProcess } from './process-state.ts';

/** Tells a process from a later one that got its number: the boot of the machine, and when in it the process began. */
export type ProcessStart = { readonly boot: string; readonly began: string };

/** When a process began; undefined when that cannot be read, as where there is no `/proc`. */
export function startOf(pid: number): ProcessStart | undefined {
  const process = readProcess(pid);
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return process === undefined ? undefined : { boot, began: process.began };
  } catch {
    return undefined;
  }
}

/** Whether there is a process of that number that runs; one that nobody has buried yet does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const { state } = readProcess(pid) ?? {};
  return state !== 'Z' && state !== 'X';
}

/** Whether the process that began then, under that number, is known to have ended: false wherever it cannot be told. */
export function hasEnded(pid: number, { boot, began }: ProcessStart): boolean {
  if (!isAlive(pid)) return true;
  const now = startOf(pid);
  return now !== undefined && (now.boot !== boot || now.began !== began);
}
