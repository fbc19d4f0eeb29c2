// `npm run chaos`: people at work in a whole world that a seed's faults happen to, and every promise held against what is left.
import { inspect } from 'node:util';
import { parseCommandLine, readChoice, readNumber, runMain, UsageError } from '@driftbox/command-line';
import { runChaos, type ChaosReport } from './run-chaos.ts';
import { startStackTarget } from './stack-target.ts';
import { startStandaloneTarget } from './standalone-target.ts';
import type { ChaosTarget } from './target.ts';

const usage = `npm run chaos -- --seed N --minutes M [--target standalone|stack] [--small] [--json]

People with several devices write, edit, move, delete, restore and read while a seed's faults happen: processes are killed
and paused, connections cut, delayed, silenced and left half open, the disk is filled, the clock is wrong, packs are damaged. Then all of it
is mended, and everything that was acknowledged must be there. Example: npm run chaos -- --seed 7 --minutes 5
  --seed N     decides the faults and what people do (1)
  --minutes M  how long; the checks come on top (1)
  --target T   standalone: a server of its own (the default); stack: services, back ends and gateway as processes of their own
  --small      with a stack: one node of each back end
  --json       one line of JSON at the end instead of text; what happens goes to stderr either way
After a failure it prints the line that plays the same faults again, and where the logs are.
Exit codes: 0 every promise held, 1 one did not, 2 the command line is wrong or the world did not start.`;

/** The world did not start. */
class Unusable extends Error {}

function readArguments(args: readonly string[]) {
  const { values } = parseCommandLine({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '1' },
      target: { type: 'string', default: 'standalone' },
      small: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const seed = readNumber('--seed', values.seed, { least: 0, most: Number.MAX_SAFE_INTEGER });
  const minutes = readNumber('--minutes', values.minutes, { least: 0.2, most: 24 * 60, whole: false });
  const target = readChoice('--target', values.target, ['standalone', 'stack']);
  if (values.small && target !== 'stack') throw new UsageError('--small is about a stack: give --target stack with it');
  return { ...values, seed, minutes, target };
}

async function start(name: string, small: boolean, tell: (line: string) => void): Promise<ChaosTarget> {
  try {
    return await (name === 'stack' ? startStackTarget({ small, tell }) : startStandaloneTarget());
  } catch (error) {
    throw new Unusable(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function summaryOf({ faults, work, tries, failedTries, acknowledged, damagedPacks, missing, seconds }: ChaosReport): string {
  const kinds = Object.entries(faults.byKind).map(([kind, count]) => `${kind} ${count}`);
  const failed = Object.entries(failedTries).map(([why, count]) => `${why}: ${count}`);
  const { refused, read } = work;
  return [
    `${faults.struck} faults (${kinds.join(', ')})`,
    `${acknowledged} operations acknowledged, ${refused} refused, ${read} read back meanwhile, ${damagedPacks} packs damaged and named`,
    `${tries} requests, failed and repeated: ${failed.join(', ') || 'none'}`,
    ...missing.map((what) => `not done here: ${what}`),
    `${seconds} s`,
  ].join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const { seed, minutes, target: name, json, small } = readArguments(args);
  const startMs = performance.now();
  const tell = (line: string): void =>
    void process.stderr.write(`${((performance.now() - startMs) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
  const target = await start(name, small, tell);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      tell(`stopped by ${signal}`);
      void target.close(true).finally(() => process.exit(1));
    });
  }
  let holds = false;
  try {
    const report = await runChaos(target, { seed, minutes, tell }).catch((error: unknown) => {
      // Nobody foresaw it: whoever reads it wants to know where.
      throw new Error(inspect(error), { cause: error });
    });
    holds = report.holds;
    console.log(json ? JSON.stringify(report) : `${summaryOf(report)}\n${holds ? 'every promise held' : 'a promise was broken'}`);
  } finally {
    await target.close(!holds);
    const again = `npm run chaos -- --seed ${seed} --minutes ${minutes} --target ${name}${small ? ' --small' : ''}`;
    if (!holds) process.stderr.write(`logs: ${target.folder}\nreplay: ${again}\n`);
  }
  return holds ? 0 : 1;
}

await runMain({ name: 'chaos', usage, main, exitCodeOf: (error) => (error instanceof Unusable ? 2 : 1) });
// Connections that faults left half-open can keep Node busy for ever while it takes itself apart: the system does it at once.
process.exit();
