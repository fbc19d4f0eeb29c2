import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectHints, type Hints } from '@driftbox/api-client';
import { routes, type Head } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { newFile, signUpByApi, type ApiUser } from '../../src/api-user.ts';
import { hasRedis, noRedis, startPubSub } from '../baseline/redis.ts';
import { interleave, summary } from '../interleave.ts';
import type { BenchWorld } from '../bench-world.ts';
import type { Measured, Row } from '../row.ts';

const users = 8;
const perSecond = 200;
const secondsPerRound = 5;
const rounds = 5;

/** A user's two clients: one commits, the other follows. */
type Pair = { readonly user: ApiUser; readonly hints: Hints; readonly waiting: Map<number, () => void>; commits: number };

async function openPair(address: string, name: string): Promise<Pair> {
  const user = await signUpByApi(address, name);
  const waiting = new Map<number, () => void>();
  let heard = -1;
  const onHint = ({ drive, seq }: Head): void => {
    if (drive !== user.drive.drive) return;
    // One hint may stand for several commits.
    for (let one = heard + 1; one <= seq; one += 1) waiting.get(one)?.();
    heard = seq;
  };
  const hints = connectHints({ address, token: async () => user.accessToken, onHint, onDrivesChanged: () => {} });
  await waitFor(() => heard >= 0);
  return { user, hints, waiting, commits: 0 };
}

/** Milliseconds from sending a commit to its answer, and to the hint at the other client. */
type Sample = { readonly answeredMs: number; readonly hintedMs: number };

async function commitOnce(pair: Pair, prefix: string): Promise<Sample> {
  const { user, waiting } = pair;
  pair.commits += 1;
  const seq = pair.commits;
  const startMs = performance.now();
  const hinted = new Promise<number>((resolve) => void waiting.set(seq, () => resolve(performance.now() - startMs)));
  const body = { driveEpoch: user.drive.driveEpoch, operations: [newFile(user.drive, `${prefix}-${seq}`, undefined)] };
  const { outcomes } = await user.client.call(routes.postCommit, { params: { drive: user.drive.drive }, body });
  const answeredMs = performance.now() - startMs;
  const [outcome] = outcomes;
  assert(outcome?.outcome === 'committed', `not committed: ${JSON.stringify(outcome)}`);
  const hintedMs = await hinted;
  waiting.delete(seq);
  return { answeredMs, hintedMs };
}

/** Begins one piece of work every so often, whether or not those before are done; answers what each gave. */
async function atRate<T>(work: (index: number) => Promise<T>): Promise<T[]> {
  const startMs = performance.now();
  const running: Promise<T>[] = [];
  for (let index = 0; index < perSecond * secondsPerRound; index += 1) {
    const dueMs = startMs + (index * 1000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await delay(waitMs);
    running.push(work(index));
  }
  return Promise.all(running);
}

function p99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1]!;
}

/** 200 commits a second; the commits of one user follow each other, so that their order of seq is known beforehand. */
function commitAtRate(pairs: readonly Pair[], prefix: string): Promise<Sample[]> {
  const lines = pairs.map(() => Promise.resolve());
  return atRate((index) => {
    const at = index % pairs.length;
    const done = lines[at]!.then(() => commitOnce(pairs[at]!, prefix));
    lines[at] = done.then(() => {});
    return done;
  });
}

async function measure({ address, folder }: BenchWorld): Promise<Measured> {
  const pairs: Pair[] = [];
  const redis = await startPubSub(path.join(folder, 'redis'));
  const answers: number[] = [];
  const behind: number[] = [];
  try {
    for (let index = 0; index < users; index += 1) pairs.push(await openPair(address, `hints-${index}`));
    const subject = async (round: number): Promise<number> => {
      const samples = await commitAtRate(pairs, `round-${round}`);
      answers.push(p99(samples.map(({ answeredMs }) => answeredMs)));
      behind.push(p99(samples.map(({ answeredMs, hintedMs }) => hintedMs - answeredMs)));
      return p99(samples.map(({ hintedMs }) => hintedMs));
    };
    const baseline = async (): Promise<number> => {
      const times = await atRate(async (index) => {
        const startMs = performance.now();
        await redis.deliver(index);
        return performance.now() - startMs;
      });
      return p99(times);
    };
    const measured = await interleave(rounds, subject, baseline);
    const [answer, late] = [summary(answers).median.toFixed(1), summary(behind).median.toFixed(1)];
    return { ...measured, note: `from sending the commit; p99 of its answer ${answer} ms, of the hint behind the answer ${late} ms` };
  } finally {
    await Promise.all(pairs.map(({ hints }) => hints.close()));
    await redis.close();
  }
}

/** Row 17. */
export const hintLatency: Row = {
  row: 17,
  name: 'commit on A to hint on B, p99, at 200 commits/s over 8 users',
  unit: 'ms',
  judged: 'ratio',
  better: 'lower',
  must: 15,
  aim: 3,
  measure: async (world) => (hasRedis() ? measure(world) : noRedis),
};
