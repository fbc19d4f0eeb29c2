import { latencyPlot } from './latency-plot.ts';
import { linePlot, type LinePanel } from './line-plot.ts';
import { loadParts } from './part-name.ts';
import type { LoadReport } from './run-load.ts';
import type { PartUsage, UsageSample } from './watch-usage.ts';

/** A plot of a report, and by what name it lies beside it. */
export type Plot = { readonly name: 'latency' | 'knee' | 'usage'; readonly svg: string };

/** Latency always; throughput over users for a stress; memory, sockets and open files over time where the target could be looked into. */
export function plotsOf({ profile, target, results, observed }: LoadReport): readonly Plot[] {
  const { steps, routes } = results;
  const plots: Plot[] = [{ name: 'latency', svg: latencyPlot(`${profile} at ${target}: milliseconds`, steps.length > 0 ? steps : routes) }];
  if (observed.knee !== undefined) {
    const line = (name: string, yOf: (step: (typeof steps)[number]) => number): LinePanel => ({
      title: name,
      lines: [{ name: profile, points: steps.map((step) => [step.users, yOf(step)]) }],
    });
    const panels = [line('requests a second', ({ perSecond }) => perSecond), line('p95 in milliseconds', ({ p95Ms }) => p95Ms)];
    plots.push({ name: 'knee', svg: linePlot('users', panels) });
  }
  if (observed.samples.length > 1) plots.push({ name: 'usage', svg: linePlot('s', usagePanels(observed.samples)) });
  return plots;
}

/** So many parts as a plot has room for: those that have the most at the end. */
const mostLines = 8;

function usagePanels(samples: readonly UsageSample[]): LinePanel[] {
  const names = [...new Set(samples.flatMap(({ parts }) => Object.keys(parts)))].filter((name) => !loadParts.includes(name));
  const panel = (title: string, valueOf: (usage: PartUsage) => number): LinePanel => {
    const lines = names.map((name) => ({
      name,
      points: samples.flatMap(({ atSeconds, parts }): [number, number][] => {
        const usage = parts[name];
        return usage === undefined ? [] : [[atSeconds, valueOf(usage)]];
      }),
    }));
    const most = lines.toSorted((one, other) => (other.points.at(-1)?.[1] ?? 0) - (one.points.at(-1)?.[1] ?? 0)).slice(0, mostLines);
    return { title, lines: most };
  };
  return [
    panel('memory of their own, MiB', ({ memoryBytes }) => memoryBytes / 2 ** 20),
    panel('sockets', ({ sockets }) => sockets),
    panel('open files', ({ files }) => files),
  ];
}
