import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
import { measurePlans, recordStatements, type RecordedDatabase, type TestDatabase } from '@driftbox/testkit';
import { forward, openDoor, type Door, type Person } from './testing/door.ts';
import { fillTenants } from './testing/fill-tenants.ts';
import { openTestDatabase, type World } from './testing/world.ts';

// As many as `accept` says, or enough for an index to be the better way.
const rows = Number(process.env['DRIFTBOX_PLAN_ROWS'] ?? 200_000);
/** A page of a list looks at each of its rows once or twice; anything else at a handful. */
const mostPages = 600;

const large = new Set(['entries', 'revisions', 'changes', 'list_members']);

let db: TestDatabase;
let world: World;
let recorded: RecordedDatabase;
let door: Door;
let person: Person;
let entry: string;
beforeAll(async () => {
  db = await openTestDatabase();
  world = await fillTenants(db, rows);
  recorded = recordStatements(db.database);
  door = await openDoor(recorded.database);
  person = door.as(world.tenantId, world.userId);
  const { items } = await person.user.call(routes.listChildren, { params: { drive: world.driveId, entry: world.rootId } });
  entry = items[0]!.entryId;
}, 240_000);
afterAll(async () => {
  await door.stop();
  await db.drop();
});

const inDrive = () => ({ params: { drive: world.driveId } });
const onEntry = (of: string) => ({ params: { drive: world.driveId, entry: of } });
const digests = Array.from({ length: 50 }, (_, n) => n.toString(16).padStart(64, '0'));
const commit = (): Promise<unknown> => {
  const write = () => ({ entryId: randomUUID(), writeId: randomUUID(), parentId: world.rootId, name: randomUUID() });
  const operations = [
    { op: 'createFolder' as const, ...write() },
    { op: 'createFolder' as const, ...write() },
  ];
  return forward(person, { drive: world.driveId, driveEpoch: world.epoch, operations });
};
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  'the listing of a folder': () => person.user.call(routes.listChildren, { ...onEntry(world.rootId), query: { limit: 100 } }),
  'a page of the journal': () => person.user.call(routes.listChanges, { ...inDrive(), query: { limit: 100 } }),
  'a commit': commit,
  'the revisions of an entry': () => person.user.call(routes.listRevisions, onEntry(entry)),
  'the activity of a drive': () => person.user.call(routes.listActivity, { ...inDrive(), query: { limit: 50 } }),
  'the activity of an entry': () => person.user.call(routes.listActivity, { ...inDrive(), query: { entry } }),
  'an entry': () => person.user.call(routes.getEntry, onEntry(entry)),
  'its path': () => person.user.call(routes.getEntryPath, onEntry(entry)),
  'a search': () => person.user.call(routes.searchEntries, { query: { q: 'file-77-', limit: 20 } }),
  usage: () => person.user.call(routes.getUsage),
  'the drives of a user': () => person.user.call(routes.listDrives),
  possession: () => person.upload.call(routes.checkPossession, { ...inDrive(), body: { verb: 'read', digests } }),
};

test.each(Object.keys(calls))(`among ${rows} rows, %s reads no table whole and few pages`, async (name) => {
  recorded.sent.length = 0;
  await calls[name]?.();
  const plans = await measurePlans(db, 'metadata', world.tenantId, recorded.sent);
  expect(plans.length).toBeGreaterThan(0);
  for (const plan of plans) {
    expect([plan.name, plan.readWhole.filter((table) => large.has(table.replace(/_\d$/, '')))]).toEqual([plan.name, []]);
    if (plan.pages > mostPages) throw new Error(`${plan.name} looked at ${plan.pages} pages:\n${plan.text}`);
  }
});
