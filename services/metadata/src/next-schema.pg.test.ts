import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { migrate } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import { temporaryFolder, waitFor, type TestDatabase } from '@driftbox/testkit';
import { forward, type Door } from './testing/door.ts';
import { useDoor } from './testing/use-door.ts';
import { newEntry, newWorld, newWrite } from './testing/world.ts';

let db: TestDatabase;
let door: Door;
useDoor((opened, at) => {
  db = opened;
  door = at;
});

/** Every step that a release may take before its code runs: columns, with and without a default, indexes, tables. */
const expanding = `DO $$
DECLARE
  each text;
BEGIN
  FOREACH each IN ARRAY ARRAY['tenants', 'users', 'drives', 'grants', 'holdings', 'reservations', 'entries', 'revisions', 'changes',
    'tombstones', 'commits', 'lists', 'list_members', 'provisional_lists'] LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN next_text text, ADD COLUMN next_number integer NOT NULL DEFAULT 7', each);
    EXECUTE format('CREATE INDEX %I ON %I (tenant, next_number)', each || '_next', each);
  END LOOP;
END $$;
CREATE TABLE next_things (tenant uuid NOT NULL PRIMARY KEY);
SELECT driftbox.isolate_tenant('next_things');`;

test('this code serves on while and after the schema of the next version comes, on connections that it had before', async () => {
  await using folder = await temporaryFolder();
  await cp(fileURLToPath(new URL('../migrations', import.meta.url)), folder.path, { recursive: true });
  await writeFile(path.join(folder.path, '9999-next.sql'), expanding);
  const { tenantId, userId, driveId: drive, rootId, epoch: driveEpoch } = await newWorld(db);
  const person = door.as(tenantId, userId);
  let rounds = 0;
  let stopped = false;
  const serve = async (): Promise<void> => {
    while (!stopped) {
      const entryId = newEntry();
      const operation = { op: 'createFolder' as const, entryId, writeId: newWrite(), parentId: rootId, name: entryId };
      const made = await forward(person, { drive, driveEpoch, operations: [operation] });
      expect(made.outcomes).toMatchObject([{ outcome: 'committed' }]);
      const inDrive = { params: { drive } };
      await person.user.call(routes.listChildren, { params: { drive, entry: rootId } });
      await person.user.call(routes.listChanges, inDrive);
      await person.user.call(routes.searchEntries, { query: { q: entryId.slice(0, 8) } });
      await person.user.call(routes.listChildrenAt, { params: { drive, seq: made.seq, entry: rootId } });
      await person.user.call(routes.getUsage);
      rounds += 1;
    }
  };
  const served = Promise.all([serve(), serve(), serve()]);
  const more = async (): Promise<void> => {
    const before = rounds;
    await Promise.race([waitFor(() => rounds > before + 10, { deadlineMs: 30_000, what: 'requests to be served' }), served]);
  };
  await more();
  const { applied } = await migrate({ admin: db.admin, schema: 'metadata', serviceRole: 'metadata', directory: folder.path });
  expect(applied).toEqual(['9999-next']);
  await more();
  stopped = true;
  await served;
  const [row] = await db.adminQuery<{ n: number }>('SELECT count(*) AS n FROM metadata.entries WHERE next_number = 7');
  expect(row?.n).toBe(rounds);
}, 90_000);
