import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestDatabase } from '@driftbox/testkit';
import { commitDrive } from './commit-drive.ts';
import type { OnCommitted } from './commit-input.ts';
import { newEntry, newWorld, newWrite, openTestDatabase, type World } from './testing/world.ts';

let db: TestDatabase;
let world: World;
beforeAll(async () => {
  db = await openTestDatabase();
  world = await newWorld(db);
}, 60_000);
afterAll(() => db.drop());

const folder = (name: string) => ({ op: 'createFolder', entryId: newEntry(), writeId: newWrite(), parentId: world.rootId, name }) as const;

/** Commits, and answers what was told meanwhile, each with the seq that others could see at that moment. */
async function commitAndHear(operations: Parameters<typeof commitDrive>[1]['operations'], driveEpoch = world.epoch) {
  const { tenantId, driveId, userId } = world;
  const told: { head: Parameters<OnCommitted>[1]; of: string; visible: Promise<number | undefined> }[] = [];
  const onCommitted: OnCommitted = (of, head) => {
    const visible = db
      .adminQuery<{ seq: number | string }>('SELECT seq FROM drives WHERE drive_id = $1', [driveId])
      .then(([row]) => (row === undefined ? undefined : Number(row.seq)));
    told.push({ head, of, visible });
  };
  const input = { tenantId, driveId, userId, driveEpoch, operations, atomic: false };
  const answer = await commitDrive(db.database, input, onCommitted).catch((error: unknown) => error);
  // The database is dropped in the end, whoever asks it something still.
  return { answer, told: await Promise.all(told.map(async (one) => ({ ...one, visible: await one.visible }))) };
}

test('a commit is told once, as soon as others can see it, with where its drive now goes', async () => {
  const { answer, told } = await commitAndHear([folder('a'), folder('b')]);
  expect(answer).toMatchObject({ seq: 2 });
  expect(told.map(({ head, of }) => [of, head])).toEqual([[world.tenantId, { drive: world.driveId, driveEpoch: world.epoch, seq: 2 }]]);
  expect(told[0]!.visible).toBe(2);
});

test('what changes nothing is not told: a refusal, a repetition, an old epoch', async () => {
  const made = folder('c');
  await commitAndHear([made]);
  const again = await commitAndHear([made]);
  expect([again.answer, again.told]).toEqual([
    expect.objectContaining({ outcomes: [expect.objectContaining({ outcome: 'committed' })] }),
    [],
  ]);
  expect((await commitAndHear([folder('c')])).told).toEqual([]);
  const old = await commitAndHear([folder('d')], randomUUID());
  expect([old.answer, old.told]).toEqual([expect.objectContaining({ code: 'cursor_expired' }), []]);
});
