import { runChaos, type ChaosReport } from '../../chaos/run-chaos.ts';
import { startStackTarget } from '../../chaos/stack-target.ts';
import { startStandaloneTarget } from '../../chaos/standalone-target.ts';
import { numberOfPart, type Point, type Shown, type Tell } from '../point.ts';

type ChaosRun = { readonly target: 'standalone' | 'stack'; readonly seed: number; readonly minutes: number };

/** Sixty minutes, with another seed each time: the first point, in parts that can be resumed one by one. */
export const chaosRuns: readonly Point[] = [1, 2, 3, 4, 5, 6].map((seed) => {
  const run: ChaosRun = { target: seed % 2 === 0 ? 'stack' : 'standalone', seed, minutes: 10 };
  return {
    number: numberOfPart(1, seed),
    promise: `${run.minutes} of 60 minutes of chaos, on a ${run.target}: zero acknowledged loss, every promise held against what is left`,
    show: (tell) => showChaos(run, tell),
  };
});

/** Holds if every promise does afterwards; the world of a run in which one does not is left with its logs. */
async function showChaos({ target: name, seed, minutes }: ChaosRun, tell: Tell): Promise<Shown> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const target = await (name === 'stack' ? startStackTarget({ small: true, tell: log }) : startStandaloneTarget());
  let keep = true;
  try {
    const report = await runChaos(target, { seed, minutes, tell: log });
    keep = !report.holds;
    return { holds: report.holds, figure: describe(report).join('\n') };
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
