import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { lostBytes } from '@driftbox/observability';
import { buildPlan } from './build-plan.ts';
import { findLost, type KeptCheck } from './find-lost.ts';
import { Unusable } from './open-target.ts';
import { prepareUsers } from './prepare-users.ts';
import type { Profile } from './profiles.ts';
import { readLines } from './read-lines.ts';
import { readSummary, type Results } from './read-summary.ts';
import { runK6 } from './run-k6.ts';

/** What a load came to. */
export type LoadReport = {
  readonly profile: string;
  readonly target: string;
  readonly machine: string;
  /** k6's own verdict: 0, or 99 when a threshold did not hold. */
  readonly k6ExitCode: number | null;
  readonly results: Results;
  readonly kept: KeptCheck;
  /** What failures said of themselves, the most frequent ones. */
  readonly said: readonly string[];
  /** k6 is content, and nothing acknowledged was lost. */
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
  /** Ends the load early; it is reported, and counts as failed. */
  readonly signal?: AbortSignal | undefined;
  readonly report: (line: string) => void;
};

const mostSaid = 5;

/**
 * Prepares users, lets k6 run, and looks for what was acknowledged. Throws `Unusable` where nobody can sign up, and the signal's
 * reason where it came before the load.
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const { profile, minutes, k6Command, target, address, caFile, signal, report } = options;
  const seconds = minutes * 60;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'driftbox-k6-'));
  try {
    report(`signing up ${profile.users} people`);
    const prepared = await prepareUsers(address, profile.users).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Unusable(`nobody can sign up at ${address} (${why}); its tenant must have signUp: open`, { cause });
    });
    try {
      signal?.throwIfAborted();
      const users = prepared.all.map(({ user }) => user);
      report(`k6 runs for ${seconds.toFixed(0)} s`);
      const run = await runK6(k6Command, buildPlan(profile, seconds, address, users), folder, { caFile, signal });
      const { acknowledged, failures } = readLines(run.lines);
      const said = [...failures].sort(([, a], [, b]) => b - a).map(([line, count]) => `${count} x ${line}`);
      if (run.summary === undefined)
        throw new Error(`k6 ended with ${run.exitCode} and without a summary: ${said.slice(0, mostSaid).join('; ')}`);
      report(`looking for ${acknowledged.length} acknowledged files`);
      const kept = await findLost(prepared.all, acknowledged);
      return {
        profile: profile.name,
        target,
        machine: `${os.availableParallelism()} cores (${os.cpus()[0]?.model ?? 'unknown'})`,
        k6ExitCode: run.exitCode,
        results: readSummary(run.summary, profile.model.kind === 'closed' ? profile.model.steps : []),
        kept,
        said: said.slice(0, mostSaid),
        passed: run.exitCode === 0 && kept.lost.length <= lostBytes,
      };
    } finally {
      prepared.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
