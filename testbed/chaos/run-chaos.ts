import { seededRandom } from '@driftbox/testkit';
import { createDamage } from './damage-pack.ts';
import type { FaultKind } from './fault.ts';
import { followDrive } from './follower.ts';
import { createNotes, type Notes } from './notes.ts';
import { oraclesOf, type Players } from './oracles.ts';
import { addPerson, type Person } from './people.ts';
import { planFaults } from './plan.ts';
import { playPlan } from './play-plan.ts';
import { strike } from './strike.ts';
import { startSyncPair } from './sync-pair.ts';
import type { ChaosTarget } from './target.ts';
import { work, type Work } from './work.ts';

/** What to do. */
export type ChaosOptions = { readonly seed: number; readonly minutes: number; readonly tell: (line: string) => void };

/** One promise, and whether it held. */
export type Verdict = { readonly promise: string; readonly holds: boolean; readonly figure: string; readonly wrong: readonly string[] };

/** What a run was and what became of it. */
export type ChaosReport = {
  readonly target: string;
  readonly seed: number;
  readonly minutes: number;
  readonly holds: boolean;
  readonly faults: { readonly planned: number; readonly struck: number; readonly byKind: Readonly<Partial<Record<FaultKind, number>>> };
  /** Faults that this world cannot suffer. */
  readonly missing: readonly string[];
  readonly work: Work;
  /** Requests that failed and were repeated, by what was answered. */
  readonly failedTries: Readonly<Record<string, number>>;
  readonly tries: number;
  readonly acknowledged: number;
  readonly damagedPacks: number;
  readonly verdicts: readonly Verdict[];
  readonly seconds: number;
};

const peopleCount = 3;
const devicesEach = 2;
/** What is not answered so long after all is whole again never will be. */
const giveUpMs = 180_000;
const summaryEveryMs = 30_000;

/** Lets people work on a world while a seed's faults happen to it; then mends everything and holds every promise against it. */
export async function runChaos(target: ChaosTarget, { seed, minutes, tell }: ChaosOptions): Promise<ChaosReport> {
  const startMs = performance.now();
  const wrong = createNotes();
  const [stopping, givingUp] = [new AbortController(), new AbortController()];
  const doors = { direct: target.directAddress, address: target.address };
  const people = await Promise.all(Array.from({ length: peopleCount }, (_, index) => addPerson(`person${index}`, doors, devicesEach)));
  const warden = await addPerson('warden', doors, 0);
  const pair = await startSyncPair(target, seed, wrong, stopping.signal);
  const damage = createDamage(target, warden, seededRandom(seed + 1));
  const at = { wrong, isDamaged: damage.isThere, stopping: stopping.signal, givingUp: givingUp.signal };
  const followers = people.map(({ devices }) => followDrive(devices[0]!, wrong, stopping.signal));
  const working = people.flatMap((person, p) =>
    person.devices.map((device, d) => work(person, device, seededRandom(seed * 100 + p * 10 + d), at)),
  );
  try {
    const parts = [...target.parts, ...pair.parts];
    const ground = {
      parts: parts.map(({ name }) => name),
      links: Object.keys(target.links),
      clocks: target.clocks?.parts ?? [],
      fills: target.fill !== undefined,
    };
    const plan = planFaults({ seed, minutes, ground });
    const byKind: Partial<Record<FaultKind, number>> = {};
    const summary = setInterval(() => tell(summaryOf(people, wrong)), summaryEveryMs);
    const struck = await playPlan(plan, minutes, async (fault) => {
      byKind[fault.kind] = (byKind[fault.kind] ?? 0) + 1;
      await strike({ target, parts, damage, wrong, tell }, fault);
    }).finally(() => clearInterval(summary));
    tell(`${struck} of ${plan.length} faults are over; everything is whole`);
    stopping.abort();
    const patience = setTimeout(() => givingUp.abort(), giveUpMs);
    const done = sumOf(await Promise.all(working));
    clearTimeout(patience);
    await Promise.all(pair.hands.map(({ resting }) => resting));
    const verdicts = await judge({ target, people: [...people, warden], followers, pair }, wrong, tell);
    return {
      target: target.name,
      seed,
      minutes,
      holds: verdicts.every(({ holds }) => holds),
      faults: { planned: plan.length, struck, byKind },
      missing: target.missing,
      work: done,
      ...triesOf(people),
      acknowledged: [...people, warden].reduce((sum, { ledger }) => sum + ledger.acknowledged, 0),
      damagedPacks: damage.packs(),
      verdicts,
      seconds: Math.round((performance.now() - startMs) / 1000),
    };
  } finally {
    stopping.abort();
    givingUp.abort();
    await Promise.allSettled([...working, ...pair.hands.map(({ resting }) => resting)]);
    await Promise.all(pair.devices.map((device) => device.stop()));
    for (const person of [...people, warden, pair.owner]) person.close();
  }
}

async function judge(players: Players, wrong: Notes, tell: (line: string) => void): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const say = (verdict: Verdict): void => {
    verdicts.push(verdict);
    tell(`${verdict.holds ? 'holds' : 'WRONG'}: ${verdict.promise} (${verdict.figure})`);
    for (const line of verdict.wrong.slice(0, 10)) tell(`  ${line}`);
  };
  for (const { promise, check } of oraclesOf(players)) {
    const { wrong: lines, figure } = await check().catch((error: unknown) => ({ wrong: [String(error)], figure: 'not to be checked' }));
    say({ promise, holds: lines.length === 0, figure, wrong: lines.slice(0, 50) });
  }
  // Last, for reading on and back adds to it.
  say({
    promise: 'nothing contradicted a promise meanwhile',
    holds: wrong.count() === 0,
    figure: `${wrong.count()} seen`,
    wrong: wrong.lines,
  });
  return verdicts;
}

function summaryOf(people: readonly Person[], wrong: Notes): string {
  const acknowledged = people.reduce((sum, { ledger }) => sum + ledger.acknowledged, 0);
  return `so far ${acknowledged} operations acknowledged, ${wrong.count()} things wrong`;
}

function sumOf(all: readonly Work[]): Work {
  const sum: Work = { committed: 0, refused: 0, asked: 0, read: 0, damaged: 0 };
  for (const one of all) for (const key of Object.keys(sum) as (keyof Work)[]) sum[key] += one[key];
  return sum;
}

function triesOf(people: readonly Person[]): Pick<ChaosReport, 'tries' | 'failedTries'> {
  const failedTries: Record<string, number> = {};
  let tries = 0;
  for (const { devices } of people) {
    for (const device of devices) {
      tries += device.tries.count;
      for (const [why, count] of device.tries.failed) failedTries[why] = (failedTries[why] ?? 0) + count;
    }
  }
  return { tries, failedTries };
}
