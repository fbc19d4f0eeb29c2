import { routes } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { isPartName } from '@driftbox/transfer';
import path from 'node:path';
import type { EntryId } from '@driftbox/domain';
import { untilQuiet } from '../e2e/until-quiet.ts';
import { compareFolders } from '../e2e/compare-folders.ts';
import { listTree } from '../src/tree-listing.ts';
import type { Follower } from './follower.ts';
import type { Person } from './people.ts';
import type { SyncPair } from './sync-pair.ts';
import type { ChaosTarget } from './target.ts';
import { readRevision } from './work.ts';

/** A promise that is held against the world once the faults are over: what contradicts it, and the figure that was looked at. */
export type Oracle = {
  readonly promise: string;
  readonly check: () => Promise<{ readonly wrong: readonly string[]; readonly figure: string }>;
};

/** What was at work. */
export type Players = {
  readonly target: ChaosTarget;
  readonly people: readonly Person[];
  readonly followers: readonly Follower[];
  readonly pair: SyncPair;
};

const readersAtOnce = 6;
const quietDeadlineMs = 240_000;
/** Uploads and what was reserved for them end by themselves; see `hastySettings`. */
const reservedDeadlineMs = 420_000;

/** In the order in which they are checked. */
export function oraclesOf({ target, people, followers, pair }: Players): Oracle[] {
  return [
    { promise: 'all devices that sync hold the same, and what each of them made', check: () => checkPair(pair) },
    { promise: 'journals read on from where they were give what is there', check: () => checkFollowers(followers) },
    { promise: 'nothing reserved is left over', check: () => checkReserved([...people, pair.owner]) },
    { promise: 'packs, references, ledgers, journals and trees stand a check', check: () => checkTenant(target) },
    { promise: 'every entry is what was acknowledged of it', check: () => checkEntries(people) },
    { promise: 'every acknowledged revision reads back', check: () => checkContents(people) },
    { promise: 'no unfinished file is left', check: () => checkLeftovers(target, pair) },
  ];
}

async function checkPair({ devices, hands }: SyncPair) {
  const tree = await untilQuiet(devices, quietDeadlineMs);
  const unlike = await compareFolders(devices.map(({ folder }) => folder));
  const lost = hands.flatMap((hand) => hand.differences(tree));
  return { wrong: [...unlike, ...lost], figure: `${tree.size} paths on ${devices.length} devices` };
}

async function checkFollowers(followers: readonly Follower[]) {
  const wrong = await Promise.all(followers.map((follower) => follower.finish()));
  return { wrong: wrong.flat(), figure: `${followers.length} journals` };
}

async function checkReserved(people: readonly Pick<Person, 'judge' | 'user'>[]) {
  const left = async (): Promise<string[]> => {
    const usages = await Promise.all(people.map(async ({ judge, user }) => ({ user, usage: (await judge.call(routes.getUsage)).user })));
    return usages
      .filter(({ usage }) => usage.inFlight !== 0)
      .map(({ user, usage }) => `${usage.inFlight} bytes are reserved for ${user.email}`);
  };
  let wrong: string[] = [];
  await waitFor(async () => (wrong = await left()).length === 0, {
    deadlineMs: reservedDeadlineMs,
    longestPauseMs: 2_000,
    what: 'the end of all reservations',
  }).catch(() => {});
  return { wrong, figure: `${people.length} people` };
}

async function checkTenant(target: ChaosTarget) {
  const { packs, references, drives, findings } = await target.check();
  return { wrong: findings.map((one) => JSON.stringify(one)), figure: `${packs} packs, ${references} references, ${drives} drives` };
}

async function checkEntries(people: readonly Person[]) {
  const wrong = people.flatMap(({ ledger }) => ledger.wrong);
  let count = 0;
  for (const person of people) {
    await inTurns(person.ledger.entries, async (entry) => {
      count += 1;
      const differing = await entryDiffers(person, entry);
      if (differing !== undefined) wrong.push(`${entry}: ${differing}`);
    });
  }
  return { wrong, figure: `${count} entries` };
}

async function entryDiffers({ judge, user, ledger }: Person, entry: EntryId): Promise<string | undefined> {
  const expected = ledger.expected(entry);
  if (expected === undefined) return 'its first revision was never acknowledged';
  const params = { drive: user.drive.drive, entry };
  const found = await judge.call(routes.getEntry, { params }).catch((error: { code?: unknown }) => String(error.code));
  if (expected.purged) return found === 'not_found' ? undefined : `is ${JSON.stringify(found)} though it was purged`;
  if (typeof found === 'string') return `${found}, expected ${JSON.stringify(expected)}`;
  if (found.kind !== 'file') return `is a ${found.kind}`;
  const { rev, listId, sizeBytes, parentId, name, trashedAt } = found;
  const seen = { rev, content: { digest: listId, sizeBytes }, place: { parentId, name }, trashed: trashedAt !== undefined, purged: false };
  const [is, was] = [seen, expected].map((one) => JSON.stringify(one));
  return is === was ? undefined : `is ${is}, acknowledged ${was}`;
}

async function checkContents(people: readonly Person[]) {
  const wrong: string[] = [];
  let count = 0;
  for (const { ledger, judge, user } of people) {
    await inTurns(ledger.entries, async (entry) => {
      for (const { rev, content } of ledger.contents(entry)) {
        count += 1;
        const found = await readRevision({ client: judge, drive: user.drive }, entry, rev, content);
        if (found !== 'same') wrong.push(`revision ${rev} of ${entry}: ${found}`);
      }
    });
  }
  return { wrong, figure: `${count} contents` };
}

async function checkLeftovers({ pool }: ChaosTarget, { devices }: SyncPair) {
  const wrong = [...(await pool.leftovers())];
  for (const { name, folder } of devices) {
    const parts = [...(await listTree(folder)).keys()].filter((file) => isPartName(path.basename(file)));
    wrong.push(...parts.map((file) => `${name}: ${file}`));
  }
  return { wrong, figure: `the pool and ${devices.length} folders` };
}

/** Does `work` for each, a few at a time. */
async function inTurns<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values();
  await Promise.all(
    Array.from({ length: readersAtOnce }, async () => {
      for (const one of left) await work(one);
    }),
  );
}
