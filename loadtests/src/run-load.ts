import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { lostBytes } from '@driftbox/observability';
import type { LoadUser } from '../k6/plan.ts';
import { buildPlan } from './build-plan.ts';
import { findLost, type KeptCheck } from './find-lost.ts';
import { judgeNeighbour, type NeighbourEffect } from './judge-neighbour.ts';
import { Unusable } from './open-target.ts';
import { observeLoad, type Observed } from './observe-load.ts';
import { prepareUsers, type PreparedUser } from './prepare-users.ts';
import type { Profile } from './profiles.ts';
import { readLines } from './read-lines.ts';
import { readSummary, type Results } from './read-summary.ts';
import { restartMeanwhile, type Restarts } from './restart-meanwhile.ts';
import { runK6 } from './run-k6.ts';
import { stepsOf } from './scenarios.ts';
import { watchUsage } from './watch-usage.ts';
import { routesOf } from './workloads.ts';

/** What a load came to. */
export type LoadReport = {
  readonly profile: string;
  /** How long the profile is to be, of which a run may have been a part. */
  readonly wholeMinutes: number;
  readonly target: string;
  readonly machine: string;
  /** k6's own verdict: 0, or 99 when a threshold did not hold. */
  readonly k6ExitCode: number | null;
  readonly results: Results;
  readonly observed: Observed;
  /** Of a profile that restarts services. */
  readonly restarts?: Restarts | undefined;
  /** Of a profile with a neighbour. */
  readonly neighbour?: NeighbourEffect | undefined;
  readonly kept: KeptCheck;
  /** What failures said of themselves, the most frequent ones. */
  readonly said: readonly string[];
  /** k6 is content, nothing acknowledged was lost, and what the profile asks for besides held. */
  readonly passed: boolean;
};

/** What to load, and how. */
export type LoadOptions = {
  readonly profile: Profile;
  readonly minutes: number;
  readonly k6Command: string;
  /** How the target is called in the report, and where it is. */
  readonly target: string;
  readonly address: string;
  readonly caFile?: string | undefined;
  /** Whether the target's processes are below this one. */
  readonly isOurs: boolean;
  readonly restartAll?: (() => Promise<readonly string[]>) | undefined;
  readonly neighbourHost?: string | undefined;
  /** Ends the load early; it is reported, and counts as failed. */
  readonly signal?: AbortSignal | undefined;
  readonly report: (line: string) => void;
};

const mostSaid = 5;
const neighbourUsers = 4;
/** How often the target's processes are looked at: often enough for the steps of a short run, seldom enough to cost nothing. */
const sampleEveryMs = { least: 500, most: 5_000, perRun: 300 };

/**
 * Prepares users, lets k6 run, and looks for what was acknowledged. Throws `Unusable` where nobody can sign up or the target cannot do
 * what the profile asks for, and the signal's reason where it came before the load.
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const { profile, address, signal, restartAll, neighbourHost, report } = options;
  if (profile.restarts === true && restartAll === undefined) throw new Unusable(`${profile.name} restarts services: take --target stack`);
  if (profile.neighbour !== undefined && neighbourHost === undefined)
    throw new Unusable(`${profile.name} needs a second tenant, which this target has not`);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'driftbox-k6-'));
  try {
    report(`signing up ${profile.users} people`);
    const prepared = await signUp(address, profile.users);
    try {
      const neighbour = profile.neighbour === undefined ? undefined : await signUp(address, neighbourUsers, neighbourHost);
      neighbour?.close();
      signal?.throwIfAborted();
      return await loadBy(prepared.all, neighbour?.all, folder, options);
    } finally {
      prepared.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function signUp(...[address, count, host]: Parameters<typeof prepareUsers>): ReturnType<typeof prepareUsers> {
  return prepareUsers(address, count, host).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Unusable(`nobody can sign up at ${host ?? address} (${why}); its tenant must have signUp: open`, { cause });
  });
}

async function loadBy(
  people: readonly PreparedUser[],
  neighbours: readonly PreparedUser[] | undefined,
  folder: string,
  options: LoadOptions,
): Promise<LoadReport> {
  const { profile, minutes, k6Command, target, address, caFile, signal, restartAll, neighbourHost, report } = options;
  const seconds = minutes * 60;
  const usersOf = (all: readonly PreparedUser[]): readonly LoadUser[] => all.map(({ user }) => user);
  const flooding =
    neighbours === undefined || neighbourHost === undefined ? undefined : { host: neighbourHost, users: usersOf(neighbours) };
  const plan = buildPlan(profile, seconds, address, usersOf(people), flooding);
  report(`k6 runs for ${seconds.toFixed(0)} s`);
  const watch = watchOf(options);
  const restarting = profile.restarts === true && restartAll !== undefined ? restartMeanwhile(restartAll, seconds) : undefined;
  const run = await runK6(k6Command, plan, folder, { caFile, signal });
  const tookSeconds = watch?.seconds() ?? 0;
  const restarts = await restarting?.end();
  const samples = (await watch?.stop()) ?? [];
  const { acknowledged, failures } = readLines(run.lines);
  const said = [...failures]
    .sort(([, one], [, other]) => other - one)
    .slice(0, mostSaid)
    .map(([line, count]) => `${count} x ${line}`);
  if (run.summary === undefined) throw new Error(`k6 ended with ${run.exitCode} and without a summary: ${said.join('; ')}`);
  report(`looking for ${acknowledged.length} acknowledged files`);
  const kept = await findLost(people, acknowledged);
  const results = readSummary(run.summary, routesOf(profile.mix), stepsOf(profile));
  // k6 reads its plan first; what it does after the load takes no time to speak of.
  const observed = observeLoad(profile, results, samples, Math.max(0, tookSeconds - results.seconds));
  const neighbour = profile.neighbour === undefined ? undefined : judgeNeighbour(run.summary, profile.neighbour.slowerAtMost);
  const isQuiet = neighbour?.slower.every(({ holds }) => holds) ?? true;
  const isFlat = observed.flatness?.every(({ holds }) => holds) ?? true;
  const isRestarted = restarts === undefined || restarts.rounds > 0;
  return {
    profile: profile.name,
    wholeMinutes: profile.minutes,
    target,
    machine: machineText(),
    k6ExitCode: run.exitCode,
    results,
    observed,
    restarts,
    neighbour,
    kept,
    said,
    passed: run.exitCode === 0 && kept.lost.length <= lostBytes && isFlat && isRestarted && isQuiet,
  };
}

function watchOf({ isOurs, minutes }: LoadOptions): ReturnType<typeof watchUsage> | undefined {
  const { least, most, perRun } = sampleEveryMs;
  return isOurs ? watchUsage(process.pid, Math.min(most, Math.max(least, (minutes * 60_000) / perRun))) : undefined;
}

function machineText(): string {
  const gibibytes = Math.round(os.totalmem() / 2 ** 30);
  return `${os.availableParallelism()} cores (${os.cpus()[0]?.model ?? 'unknown'}), ${gibibytes} GiB, Node ${process.version}`;
}
