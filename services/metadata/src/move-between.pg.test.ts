import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  applyMove,
  changeActions,
  defaultLimits,
  emptyLedger,
  loadMove,
  MemoryDrive,
  moveToDrive,
  parseDriveId,
  recount,
  type DriveId,
  type DriveMove,
  type EntryId,
} from '@driftbox/domain';
import type { TestDatabase } from '@driftbox/testkit';
import fc from 'fast-check';
import { driveMoveOf } from './move-between.ts';
import { toDomain } from './operation.ts';
import { expectHoldings } from './testing/expect-holdings.ts';
import { histories, operationOf, type Batch } from './testing/history.ts';
import { addDrive, commitIn, newEntry, newUser, newWorld, newWrite, openTestDatabase, type World } from './testing/world.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
}, 60_000);
afterAll(() => db.drop());

const ids = 8;
/** Some numbers that become a move once the two drives are known. */
const seed = fc.record({ target: fc.nat(ids - 1), parent: fc.nat(ids + 3), name: fc.nat(2), stale: fc.constantFrom(0, 0, 0, 1) });
type Seed = typeof seed extends fc.Arbitrary<infer T> ? T : never;
type Step = { back: boolean; batch: Batch } | { back: boolean; move: Seed };
const steps: fc.Arbitrary<Step[]> = fc
  .tuple(
    histories,
    fc.array(fc.record({ back: fc.boolean(), move: seed, at: fc.nat(20) }), { minLength: 4, maxLength: 16 }),
    fc.infiniteStream(fc.boolean()),
  )
  .map(([batches, moves, sides]) => {
    const script: Step[] = batches.map((batch) => ({ back: sides.next().value as boolean, batch }));
    for (const { at, ...move } of moves) script.splice(Math.min(script.length, at + 2), 0, move);
    return script;
  });

/** Two drives of two people in one tenant, one of whom may write to both; and the same two in memory, which know each other. */
async function newPair(): Promise<{ worlds: [World, World]; memories: [MemoryDrive, MemoryDrive]; left: Map<DriveId, Set<EntryId>> }> {
  const home = await newWorld(db);
  const shared = { ...home, ...(await addDrive(db, home.tenantId, newUser(), 'shared')) };
  await grant(shared, 'manager');
  const left = new Map<DriveId, Set<EntryId>>([home, shared].map(({ driveId }) => [driveId, new Set()]));
  const memories: MemoryDrive[] = [];
  const memoryOf = ({ driveId, rootId, epoch }: World, kind: 'home' | 'shared', other: number): MemoryDrive =>
    new MemoryDrive(
      { driveId, rootId, kind, epoch, seq: 0, locked: false, ledger: emptyLedger },
      {
        elsewhere: (entryId) => {
          const there = memories[other]!;
          if (there.tombstones.has(entryId)) return 'used';
          if (!there.entries.has(entryId)) return undefined;
          return left.get(driveId)!.has(entryId) ? { movedTo: there.drive.driveId } : 'used';
        },
      },
    );
  memories.push(memoryOf(home, 'home', 1), memoryOf(shared, 'shared', 0));
  return { worlds: [home, shared], memories: memories as [MemoryDrive, MemoryDrive], left };
}

async function grant({ tenantId, driveId, userId }: World, role: string): Promise<void> {
  await db.adminQuery('INSERT INTO grants (tenant, drive_id, subject, role, granted_by) VALUES ($1, $2, $3, $4, $3)', [
    tenantId,
    driveId,
    userId,
    role,
  ]);
}

const budget = { growBytes: 2 ** 50, limit: 'user' as const, limitBytes: 0, usedBytes: 0 };

async function playBoth(script: readonly Step[]): Promise<void> {
  const { worlds, memories, left } = await newPair();
  const run = randomBytes(4).toString('hex');
  let writes = 0;
  for (const step of script) {
    const [at, other] = step.back ? [1, 0] : [0, 1];
    const [world, memory, target] = [worlds[at]!, memories[at]!, memories[other]!];
    const role = at === 0 ? ('owner' as const) : ('manager' as const);
    const asked = {
      driveEpoch: world.epoch,
      author: { by: world.userId, device: undefined },
      role,
      budget,
      limits: defaultLimits,
      nowMs: 0,
    };
    if ('batch' in step) {
      const operations = step.batch.seeds.map((one) => operationOf(memory, one, run, (writes += 1)));
      const expected = memory.commit({
        ...asked,
        operations: operations.map((one) => toDomain(one, new Map())),
        atomic: step.batch.atomic,
      });
      if (expected.result !== 'done') throw new Error('refused as a whole');
      const got = await commitIn(db, world, operations, { atomic: step.batch.atomic });
      expect(got).toEqual({ outcomes: expected.outcomes, seq: expected.seq });
      continue;
    }
    const sent = moveOf(memory, target, step.move, run, (writes += 1));
    const operation = driveMoveOf({ ...world, driveEpoch: world.epoch, atomic: false, operations: [sent] })!;
    const result = moveToDrive(loadMove(memory, target, operation), { ...asked, operation, targetRole: at === 0 ? 'manager' : 'owner' });
    const got = await commitIn(db, world, [sent]);
    if (result.result === 'answered') expect(got.outcomes).toEqual([result.outcome]);
    if (result.result !== 'moved') continue;
    expect(got).toEqual({ outcomes: result.source.outcomes, seq: result.source.seq });
    const before = new Set(memory.entries.keys());
    applyMove(memory, target, result);
    for (const id of before) {
      if (memory.entries.has(id)) continue;
      left.get(memory.drive.driveId)!.add(id);
      left.get(target.drive.driveId)!.delete(id);
    }
  }
  for (const [at, world] of worlds.entries()) await expectSame(world, memories[at]!, left.get(world.driveId)!);
  await expectHoldings(db, worlds[0].tenantId);
}

function moveOf(from: MemoryDrive, to: MemoryDrive, one: Seed, run: string, fresh: number) {
  const pad = (n: number): string => n.toString(16).padStart(12, '0');
  const entryId = `${run}-0000-4000-8000-${pad(one.target)}` as EntryId;
  const parentId = one.parent >= ids ? to.drive.rootId : (`${run}-0000-4000-8000-${pad(one.parent)}` as EntryId);
  const writeId = `${run}-0000-4000-9000-${pad(fresh)}` as DriveMove['writeId'];
  const baseRev = Math.max(1, (from.entries.get(entryId)?.rev ?? 1) - one.stale);
  return { op: 'move' as const, entryId, writeId, parentId, name: `n${one.name}`, baseRev, toDrive: to.drive.driveId };
}

async function expectSame({ tenantId, driveId }: World, memory: MemoryDrive, left: ReadonlySet<EntryId>): Promise<void> {
  const rows = (table: string, columns: string, order: string): Promise<Record<string, unknown>[]> =>
    db.adminQuery(`SELECT ${columns} FROM ${table} WHERE tenant = $1 AND drive_id = $2 ORDER BY ${order}`, [tenantId, driveId]);
  const byId = <T extends { entryId: EntryId }>(a: T, b: T): number => (a.entryId < b.entryId ? -1 : a.entryId > b.entryId ? 1 : 0);
  expect(await rows('entries', 'entry_id, parent_id, name, rev, seq, trashed_seq', 'entry_id')).toEqual(
    [...memory.entries.values()].toSorted(byId).map(({ entryId, parentId, name, rev, seq, trashed }) => ({
      entry_id: entryId,
      parent_id: parentId,
      name,
      rev,
      seq,
      trashed_seq: trashed?.seq ?? null,
    })),
  );
  expect(await rows('revisions', 'entry_id, rev, seq, name, charged', 'entry_id, rev')).toEqual(
    [...memory.revisions.values()]
      .flat()
      .toSorted((a, b) => byId(a, b) || a.rev - b.rev)
      .map(({ entryId, rev, seq, name, charged }) => ({ entry_id: entryId, rev, seq, name, charged })),
  );
  const changes = await rows('changes', 'seq, entry_id, rev, action', 'seq');
  expect(changes.map((change) => ({ ...change, action: changeActions[change['action'] as number] }))).toEqual(
    memory.changes.map(({ seq, entryId, rev, action }) => ({ seq, entry_id: entryId, rev, action })),
  );
  expect((await rows('tombstones', 'entry_id', 'entry_id')).map((row) => row['entry_id'])).toEqual([...memory.tombstones].toSorted());
  expect((await rows('departures', 'entry_id', 'entry_id')).map((row) => row['entry_id'])).toEqual([...left].toSorted());
  const { current, history, trash } = recount(memory);
  expect(await rows('drives', 'seq, current_files, current_bytes, history_files, history_bytes, trash_files, trash_bytes', 'seq')).toEqual([
    {
      seq: memory.drive.seq,
      current_files: current.files,
      current_bytes: current.bytes,
      history_files: history.files,
      history_bytes: history.bytes,
      trash_files: trash.files,
      trash_bytes: trash.bytes,
    },
  ]);
}

test('random histories with moves both ways end in SQL as in memory: outcomes, trees, revisions, journals, ledgers, holdings', async () => {
  await fc.assert(fc.asyncProperty(steps, playBoth), { numRuns: 12 });
}, 120_000);

describe('moves at the same time', () => {
  test('in opposite directions wait for each other, and each is done once', async () => {
    const { worlds } = await newPair();
    const folder = (world: World, name: string) => {
      const entryId = newEntry();
      return { entryId, made: commitIn(db, world, [{ op: 'createFolder', entryId, writeId: newWrite(), parentId: world.rootId, name }]) };
    };
    const pairs = Array.from({ length: 12 }, (_, n) => ({ from: worlds[n % 2]!, to: worlds[(n + 1) % 2]!, name: `f${n}` }));
    const moves = pairs.map(({ from, to, name }) => ({ from, to, name, ...folder(from, name) }));
    await Promise.all(moves.map(({ made }) => made));
    const done = await Promise.all(
      moves.map(({ from, to, name, entryId }) => {
        const move = { op: 'move' as const, entryId, writeId: newWrite(), parentId: to.rootId, name, baseRev: 1, toDrive: to.driveId };
        return commitIn(db, from, [move]);
      }),
    );
    expect(done.map(({ outcomes }) => outcomes[0]!.outcome)).toEqual(moves.map(() => 'committed'));
    const drives = await db.adminQuery('SELECT seq FROM drives WHERE tenant = $1', [worlds[0].tenantId]);
    expect(drives).toEqual([{ seq: 18 }, { seq: 18 }]);
    await expectHoldings(db, worlds[0].tenantId);
  });

  test('of one entry: one goes through, the other is told where it went', async () => {
    const { worlds } = await newPair();
    const [home, shared] = worlds;
    const entryId = newEntry();
    await commitIn(db, home, [{ op: 'createFolder', entryId, writeId: newWrite(), parentId: home.rootId, name: 'a' }]);
    const move = () => ({
      op: 'move' as const,
      entryId,
      writeId: newWrite(),
      parentId: shared.rootId,
      name: 'a',
      baseRev: 1,
      toDrive: shared.driveId,
    });
    const done = await Promise.all([commitIn(db, home, [move()]), commitIn(db, home, [move()])]);
    expect(done.map(({ outcomes }) => outcomes[0]!.outcome).toSorted()).toEqual(['committed', 'moved']);
    expect(done.flatMap(({ outcomes }) => outcomes)).toContainEqual({ outcome: 'moved', drive: shared.driveId });
  });
});

test('a move among other operations is refused, and the others are done', async () => {
  const { worlds } = await newPair();
  const [home, shared] = worlds;
  const entryId = newEntry();
  const { outcomes } = await commitIn(db, home, [
    { op: 'createFolder', entryId, writeId: newWrite(), parentId: home.rootId, name: 'a' },
    { op: 'move', entryId, writeId: newWrite(), parentId: shared.rootId, name: 'a', baseRev: 1, toDrive: shared.driveId },
  ]);
  expect(outcomes).toEqual([
    expect.objectContaining({ outcome: 'committed' }),
    { outcome: 'invalid_argument', detail: 'a move to another drive is alone in its commit' },
  ]);
});

test('whoever owns the target is charged, up to what they may have; what other drives only lease counts for nothing', async () => {
  const home = await newWorld(db, { userBytes: 100 });
  const friend = newUser();
  const shared = { ...home, ...(await addDrive(db, home.tenantId, friend, 'shared')) };
  await grant(shared, 'editor');
  const file = (sizeBytes: number, name: string) => {
    const chunkList = [{ digest: randomBytes(32).toString('hex') as never, sizeBytes }];
    const listId = chunkList[0]!.digest;
    const entryId = newEntry();
    const put = {
      op: 'putFile' as const,
      entryId,
      writeId: newWrite(),
      parentId: home.rootId,
      name,
      baseRev: null,
      mtime: '2026-01-01T00:00:00Z',
    };
    return { entryId, put: { ...put, sizeBytes, chunkList, listId } };
  };
  const [small, large] = [file(30, 'small'), file(60, 'large')];
  await commitIn(db, home, [small.put, large.put]);
  const move = (entryId: EntryId, name: string) =>
    commitIn(db, home, [{ op: 'move', entryId, writeId: newWrite(), parentId: shared.rootId, name, baseRev: 1, toDrive: shared.driveId }]);
  expect((await move(large.entryId, 'large')).outcomes[0]).toMatchObject({ outcome: 'committed' });
  expect((await move(small.entryId, 'small')).outcomes[0]).toMatchObject({ outcome: 'committed' });
  const more = file(20, 'more');
  await commitIn(db, home, [more.put]);
  expect((await move(more.entryId, 'more')).outcomes).toEqual([
    { outcome: 'quota_exceeded', limit: 'user', limitBytes: 100, usedBytes: 90 },
  ]);
  await expectHoldings(db, home.tenantId);
});

test('a stranger to the target learns nothing of it', async () => {
  const home = await newWorld(db);
  const hidden = await addDrive(db, home.tenantId, newUser(), 'shared');
  const entryId = newEntry();
  await commitIn(db, home, [{ op: 'createFolder', entryId, writeId: newWrite(), parentId: home.rootId, name: 'a' }]);
  const move = { op: 'move' as const, entryId, writeId: newWrite(), parentId: hidden.rootId, name: 'a', baseRev: 1 };
  const answers = await Promise.all(
    [hidden.driveId, parseDriveId(newEntry())!].map((toDrive) => commitIn(db, home, [{ ...move, writeId: newWrite(), toDrive }])),
  );
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]!.outcomes[0]).toMatchObject({ outcome: 'not_found' });
});
