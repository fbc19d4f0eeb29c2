import type { UsageSample } from './watch-usage.ts';

/** What was in use over a stretch of time. */
export type StretchUsage = {
  /** Cores that each part kept busy, on average. */
  readonly cores: Readonly<Record<string, number>>;
  /** The share of one core that the busiest process of each part took, on average. */
  readonly busiest: Readonly<Record<string, number>>;
  /** Shares of all cores. */
  readonly machineBusy: number;
  readonly machineWaiting: number;
};

/** What the samples say of the time from `from` to `to`, in seconds since watching began; `undefined` where fewer than two fall into it. */
export function usageBetween(samples: readonly UsageSample[], from: number, to: number): StretchUsage | undefined {
  const within = samples.filter(({ atSeconds }) => atSeconds >= from && atSeconds <= to);
  const [first, ...rest] = within;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const seconds = last.atSeconds - first.atSeconds;
  const names = [...new Set(rest.flatMap(({ parts }) => Object.keys(parts)))];
  const cpuOf = (name: string): number => {
    const amounts = within.flatMap(({ parts }) => parts[name]?.cpuSeconds ?? []);
    return (Math.max(...amounts) - (first.parts[name]?.cpuSeconds ?? 0)) / seconds;
  };
  const mean = (of: (sample: UsageSample) => number): number => rest.reduce((sum, sample) => sum + of(sample), 0) / rest.length;
  return {
    cores: Object.fromEntries(names.map((name) => [name, cpuOf(name)])),
    busiest: Object.fromEntries(names.map((name) => [name, mean(({ parts }) => parts[name]?.busiest ?? 0)])),
    machineBusy: mean(({ machineBusy }) => machineBusy),
    machineWaiting: mean(({ machineWaiting }) => machineWaiting),
  };
}
