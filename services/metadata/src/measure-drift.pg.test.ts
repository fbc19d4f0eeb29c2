import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseUploadId } from '@driftbox/domain';
import { newId, type TestDatabase } from '@driftbox/testkit';
import { measureDrift } from './measure-drift.ts';
import { sha256 } from './operation.ts';
import { reserveBytes } from './reserve-bytes.ts';
import { commitIn, newEntry, newWorld, newWrite, openTestDatabase, type World } from './testing/world.ts';

let db: TestDatabase;
let world: World;
beforeAll(async () => {
  db = await openTestDatabase();
  world = await newWorld(db);
  const entryId = newEntry();
  const put = (baseRev: number | null, sizeBytes: number) => {
    const digest = sha256(Buffer.from(`${sizeBytes}`));
    const chunkList = [{ digest, sizeBytes }];
    const at = { entryId, writeId: newWrite(), parentId: world.rootId, name: 'a', baseRev };
    return { op: 'putFile' as const, ...at, mtime: '2026-01-01T00:00:00Z', chunkList, listId: digest, sizeBytes };
  };
  await commitIn(db, world, [put(null, 10), put(1, 20)]);
  await reserveBytes(db.database, world, newId(parseUploadId), 1_000, Date.now() + 60_000);
}, 60_000);
afterAll(() => db.drop());

const drift = () => measureDrift(db.database, world.tenantId);

test('ledgers that agree with their rows have no drift', async () => {
  expect(await drift()).toEqual({ bytes: 0, files: 0 });
});

test.each([
  [
    'a line of a drive',
    'UPDATE drives SET history_bytes = history_bytes + $2, allowance_bytes = allowance_bytes - $2 WHERE tenant = $1',
    7,
    0,
  ],
  ['files of a drive', 'UPDATE drives SET trash_files = trash_files + $2, allowance_files = allowance_files - $2 WHERE tenant = $1', 0, 7],
  ['what the tenant holds', 'UPDATE holdings SET held_bytes = held_bytes + $2 WHERE tenant = $1 AND holder_id = $1', 7, 0],
  ['what a user holds', 'UPDATE holdings SET held_bytes = held_bytes + $2 WHERE tenant = $1 AND holder_id <> $1', 7, 0],
  ['a reservation', 'UPDATE reservations SET left_bytes = left_bytes - $2 WHERE tenant = $1', 14, 0],
])('%s that is off is found', async (_what, text, bytes, files) => {
  await db.adminQuery(text, [world.tenantId, 7]);
  expect(await drift()).toEqual({ bytes, files });
  await db.adminQuery(text, [world.tenantId, -7]);
});
