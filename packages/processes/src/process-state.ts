import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel tells of a process (proc_pid_stat(5)). */
export type ProcessState = {
  /** One letter: of one that has ended, and that its parent has not asked after, `Z`. */
  readonly state: string;
  readonly parent: number;
  /** Seconds of processors that it has used. */
  readonly cpuSeconds: number;
  /** What those of its children used that it has waited for. */
  readonly childrenCpuSeconds: number;
  /** When it began, in ticks since the machine was booted: to be compared, not to be counted with. */
  readonly began: string;
};

/** Clock ticks per second on every Linux that Node runs on (`getconf CLK_TCK`). */
export const ticksPerSecond = 100;

/** Reads the state of a process; undefined when there is none of that number, it is hidden, or there is no `/proc`. */
export function readProcess(pid: number): ProcessState | undefined {
  const text = read(pid, 'stat');
  // The second field, the name of the program in brackets, may hold anything; what follows it does not.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  if (state === undefined || parent === undefined) return undefined;
  const [own = 0, ownKernel = 0, children = 0, childrenKernel = 0] = fields.slice(11, 15).map(Number);
  return {
    state,
    parent: Number(parent),
    cpuSeconds: (own + ownKernel) / ticksPerSecond,
    childrenCpuSeconds: (children + childrenKernel) / ticksPerSecond,
    began: fields[19] ?? '',
  };
}

/** The words of the command that a process runs, or what it has put in their place; none where that is not known. */
export function commandOf(pid: number): string[] {
  const words = read(pid, 'cmdline').replace(/\0+$/, '');
  return words === '' ? [] : words.split('\0');
}

/** Every process that this one can see; none where there is no `/proc`. */
export function allProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** A process, and then all below it that live now, each after its parent; none where there is no such process. */
export function processTree(pid: number): number[] {
  const parents = allProcesses().map((one) => [one, readProcess(one)?.parent] as const);
  const found = parents.some(([one, parent]) => one === pid && parent !== undefined) ? [pid] : [];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
