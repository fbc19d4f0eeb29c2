import { runChaos, type ChaosReport } from '../../chaos/run-chaos.ts';
import { startStackTarget } from '../../chaos/stack-target.ts';
import { startStandaloneTarget } from '../../chaos/standalone-target.ts';
import type { Shown, Tell } from '../point.ts';

/** One run of chaos. */
export type ChaosRun = { readonly target: 'standalone' | 'stack'; readonly seed: number; readonly minutes: number };

/** Sixty minutes, with another seed each time. */
export const chaosRuns: readonly ChaosRun[] = [1, 2, 3, 4, 5, 6].map((seed) => ({
  target: seed % 2 === 0 ? 'stack' : 'standalone',
  seed,
  minutes: 10,
}));

/** Holds if every promise holds after each run; the world of a run in which one does not is left with its logs. */
export async function showChaos(runs: readonly ChaosRun[], tell: Tell): Promise<Shown> {
  const lines: string[] = [];
  let holds = true;
  for (const run of runs) {
    const report = await runOnce(run, tell);
    holds &&= report.holds;
    lines.push(...describe(report));
    for (const line of describe(report)) tell(line);
  }
  const minutes = runs.reduce((sum, run) => sum + run.minutes, 0);
  return { holds, figure: [`${minutes} minutes in ${runs.length} runs`, ...lines].join('\n') };
}

async function runOnce({ target: name, seed, minutes }: ChaosRun, tell: Tell): Promise<ChaosReport> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const target = await (name === 'stack' ? startStackTarget({ small: true, tell: log }) : startStandaloneTarget());
  let keep = true;
  try {
    const report = await runChaos(target, { seed, minutes, tell: log });
    keep = !report.holds;
    return report;
  } finally {
    await target.close(keep);
    if (keep) tell(`logs: ${target.folder}`);
  }
}

function describe({ target, seed, minutes, faults, acknowledged, damagedPacks, verdicts, holds }: ChaosReport): string[] {
  const kinds = Object.entries(faults.byKind).map(([kind, count]) => `${kind} ${count}`);
  const done = `${acknowledged} operations acknowledged, ${damagedPacks} packs damaged and named`;
  const broken = verdicts.filter((one) => !one.holds).map(({ promise, wrong }) => `  broken: ${promise}: ${wrong.slice(0, 3).join('; ')}`);
  return [
    `${target}, seed ${seed}, ${minutes} min: ${faults.struck} faults (${kinds.join(', ')}), ${done}: ${holds ? 'all held' : 'BROKEN'}`,
    ...broken,
  ];
}
