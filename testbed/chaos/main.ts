// `npm run chaos`: people at work in a whole world that a seed's faults happen to, and every promise held against what is left.
import { parseArgs } from 'node:util';
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

class Unusable extends Error {}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        minutes: { type: 'string', default: '1' },
        target: { type: 'string', default: 'standalone' },
        small: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const [seed, minutes] = [Number(values.seed), Number(values.minutes)];
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`--seed is a whole number, not ${values.seed}`);
    if (!(minutes >= 0.2 && minutes <= 24 * 60)) throw new Error(`--minutes is a number from 0.2 to 1440, not ${values.minutes}`);
    if (!['standalone', 'stack'].includes(values.target)) throw new Error(`--target is standalone or stack, not ${values.target}`);
    if (values.small && values.target !== 'stack') throw new Error('--small is about a stack: give --target stack with it');
    return { ...values, seed, minutes };
  } catch (error) {
    throw new Unusable(error instanceof Error ? error.message : String(error));
  }
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

async function main(): Promise<number> {
  const { seed, minutes, target: name, json, small, help } = readArguments();
  if (help === true) {
    console.log(usage);
    return 0;
  }
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
    const report = await runChaos(target, { seed, minutes, tell });
    holds = report.holds;
    console.log(json ? JSON.stringify(report) : `${summaryOf(report)}\n${holds ? 'every promise held' : 'a promise was broken'}`);
  } finally {
    await target.close(!holds);
    const again = `npm run chaos -- --seed ${seed} --minutes ${minutes} --target ${name}${small ? ' --small' : ''}`;
    if (!holds) process.stderr.write(`logs: ${target.folder}\nreplay: ${again}\n`);
  }
  return holds ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const unusable = error instanceof Unusable;
  process.stderr.write(`chaos: ${error instanceof Error ? ((unusable ? undefined : error.stack) ?? error.message) : String(error)}\n`);
  process.exitCode = unusable ? 2 : 1;
}
