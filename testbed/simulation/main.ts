import { parseCommandLine, readNumber, runMain } from '@driftbox/command-line';
import { seedLimitMs } from './play-share.ts';
import { runSeed, type SeedOptions, type SeedResult } from './run-seed.ts';
import { runSeeds, type SeedsReport } from './run-seeds.ts';
import { describeScript, shrink } from './shrink.ts';

const usage = `npm run sim [-- --seed N --seeds M --clients K]

Plays seeds from N on: the real sync loop, planner and commit rule in a simulated world of clients, disks, network, people and
accidents. After each, all must be calm, equal and complete.
  --seed N         the first seed (1)
  --seeds M        how many (1000)
  --clients K      devices, 2 to 5; otherwise the seed decides
  --sharing        several people share drives: roles and mounts come and go
  --workers W      processes' worth of threads to use (all cores)
  --twice-every T  runs each T-th seed twice and compares (1: every seed, 0: none)
  --trace          prints what happens; with one seed
  --json           one line of JSON instead
A failing seed is shrunk, and printed with the line that replays it; one that does not end in a minute of processor time fails too.`;

const options = {
  seed: { type: 'string', default: '1' },
  seeds: { type: 'string', default: '1000' },
  clients: { type: 'string' },
  sharing: { type: 'boolean', default: false },
  workers: { type: 'string' },
  'twice-every': { type: 'string', default: '1' },
  trace: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** Failing seeds that are made smaller and told in full; of others it is told how to replay them. */
const mostShrunk = 3;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseCommandLine({ args, options });
  const first = readNumber('--seed', values.seed, { least: 0, most: Number.MAX_SAFE_INTEGER });
  const clients = values.clients === undefined ? undefined : readNumber('--clients', values.clients, { least: 2, most: 5 });
  const { sharing } = values;
  if (values.trace) return traceSeed({ seed: first, clients, sharing });
  const count = readNumber('--seeds', values.seeds, { least: 1, most: Number.MAX_SAFE_INTEGER });
  const workers = values.workers === undefined ? undefined : readNumber('--workers', values.workers, { least: 1, most: 1_024 });
  const twiceEvery = readNumber('--twice-every', values['twice-every'], { least: 0, most: Number.MAX_SAFE_INTEGER });
  const report = await runSeeds({ first, count, clients, sharing, workers, twiceEvery });
  const shrunk = [];
  for (const failing of report.failures.slice(0, mostShrunk)) shrunk.push(await shrink(failing, { seed: failing.seed, clients, sharing }));
  if (values.json) console.log(JSON.stringify({ ...report, failures: [...shrunk, ...report.failures.slice(mostShrunk)] }));
  else {
    for (const failing of shrunk) console.log(describeFailure(failing, { seed: failing.seed, clients, sharing }));
    for (const { seed } of report.failures.slice(mostShrunk))
      console.log(`seed ${seed} failed, too\nreplay: ${replay({ seed, clients, sharing })}\n`);
    for (const seed of report.endless)
      console.log(`seed ${seed} did not end in ${seedLimitMs / 1000} s of processor time\nreplay: ${replay({ seed, clients, sharing })}\n`);
    console.log(describeReport(report));
  }
  return report.failures.length + report.endless.length === 0 ? 0 : 1;
}

async function traceSeed(options: SeedOptions): Promise<number> {
  const result = await runSeed({ ...options, keepsTrace: true });
  console.log(`${describeScript(result.script)}\n${result.trace?.join('\n')}\n${result.failure ?? 'all holds'}`);
  return result.failure === undefined ? 0 : 1;
}

function describeReport({ seeds, failures, endless, tookSeconds, workers, seedsPerSecond, eventsPerSeed }: SeedsReport): string {
  const rate = `${seedsPerSecond.toFixed(0)} seeds/s, ${(seedsPerSecond / workers).toFixed(0)} a core`;
  const took = `${tookSeconds.toFixed(1)} s on ${workers} cores, ${eventsPerSeed.toFixed(0)} events each`;
  return `${seeds} seeds, ${failures.length + endless.length} failed, ${took}: ${rate}`;
}

function describeFailure({ seed, failure, script }: SeedResult, options: SeedOptions): string {
  return `seed ${seed} failed: ${failure}\nreplay: ${replay(options)}\nshrunk to ${describeScript(script)}\n`;
}

function replay({ seed, clients, sharing }: SeedOptions): string {
  const more = `${clients === undefined ? '' : ` --clients ${clients}`}${sharing === true ? ' --sharing' : ''}`;
  return `npm run sim -- --seed ${seed} --seeds 1${more}`;
}

await runMain({ name: 'sim', usage, main });
