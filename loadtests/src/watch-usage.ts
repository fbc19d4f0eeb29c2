import { setInterval as every } from 'node:timers/promises';
import { readMachine, readProcesses, type ProcessUsage } from './read-processes.ts';

/** What all processes of one part have in use together. */
export type PartUsage = {
  readonly processes: number;
  readonly memoryBytes: number;
  readonly files: number;
  readonly sockets: number;
  /** Since watching began, with those of processes that have ended. */
  readonly cpuSeconds: number;
  /** Of its busiest process since the sample before, as a share of one core. */
  readonly busiest: number;
};

/** Everything at one moment. */
export type UsageSample = {
  /** Since watching began. */
  readonly atSeconds: number;
  /** Of all cores since the sample before: the share with work, other programs' included, and the share waiting for a disk. */
  readonly machineBusy: number;
  readonly machineWaiting: number;
  readonly parts: Readonly<Record<string, PartUsage>>;
};

/** Looks at a process and all below it again and again. */
export type UsageWatch = {
  /** Since watching began. */
  readonly seconds: () => number;
  /** Looks a last time. */
  stop(): Promise<readonly UsageSample[]>;
};

/** Begins to watch `root` and what it starts. */
export function watchUsage(root: number, everyMs: number): UsageWatch {
  const startMs = performance.now();
  const seconds = (): number => (performance.now() - startMs) / 1000;
  const take = usageTaker();
  const samples = [take(0, readProcesses(root), readMachine())];
  const stopping = new AbortController();
  const look = (): void => void samples.push(take(seconds(), readProcesses(root), readMachine()));
  const watching = (async () => {
    try {
      for await (const _ of every(everyMs, undefined, { signal: stopping.signal })) look();
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  })();
  return {
    seconds,
    stop: async () => {
      stopping.abort();
      await watching;
      look();
      return samples;
    },
  };
}

type Machine = ReturnType<typeof readMachine>;

/** Makes samples of what is read one after the other; what a process used before the first does not count. */
export function usageTaker(): (atSeconds: number, processes: readonly ProcessUsage[], machine: Machine) => UsageSample {
  let before: { readonly atSeconds: number; readonly cpu: ReadonlyMap<number, number>; readonly machine: Machine } | undefined;
  const used = new Map<string, number>();
  return (atSeconds, processes, machine) => {
    const passed = atSeconds - (before?.atSeconds ?? 0);
    const parts: Record<string, PartUsage> = {};
    for (const { pid, part, cpuSeconds, memoryBytes, files, sockets } of processes) {
      const since = before === undefined ? 0 : Math.max(0, cpuSeconds - (before.cpu.get(pid) ?? 0));
      used.set(part, (used.get(part) ?? 0) + since);
      const sum = parts[part] ?? { processes: 0, memoryBytes: 0, files: 0, sockets: 0, cpuSeconds: 0, busiest: 0 };
      parts[part] = {
        processes: sum.processes + 1,
        memoryBytes: sum.memoryBytes + memoryBytes,
        files: sum.files + files,
        sockets: sum.sockets + sockets,
        cpuSeconds: used.get(part) ?? 0,
        busiest: Math.max(sum.busiest, passed > 0 ? since / passed : 0),
      };
    }
    const share = (of: 'busy' | 'waiting'): number => {
      const all = machine.all - (before?.machine.all ?? machine.all);
      return all > 0 ? (machine[of] - (before?.machine[of] ?? 0)) / all : 0;
    };
    const sample = { atSeconds, machineBusy: share('busy'), machineWaiting: share('waiting'), parts };
    before = { atSeconds, cpu: new Map(processes.map(({ pid, cpuSeconds }) => [pid, cpuSeconds])), machine };
    return sample;
  };
}
