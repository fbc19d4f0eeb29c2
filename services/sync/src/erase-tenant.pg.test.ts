import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createClient, httpTransport } from '@driftbox/api-client';
import { parseDeviceId, parseDriveId, parseTenantId, type TenantId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { newId, newUuid, rowsOfTenant, tenantTables, type TestDatabase } from '@driftbox/testkit';
import { newUser, openTestDatabase, startWorld, type World } from './testing/world.ts';
import { writeCursors } from './write-cursors.ts';

let db: TestDatabase;
let world: World;
beforeAll(async () => void (db = await openTestDatabase()), 60_000);
afterAll(() => db.drop());
beforeEach(async () => void (world = await startWorld(db)));
afterEach(() => world.close());

const report = (tenantId: TenantId) => {
  const of = { tenantId, userId: newUser(), deviceId: newId(parseDeviceId), drive: newId(parseDriveId) };
  return writeCursors(db.database)(tenantId, [{ ...of, driveEpoch: newUuid(), seq: 3, atMs: Date.now() }]);
};

test('erasing a tenant leaves nothing of it, everything of others, and takes no later report', async () => {
  const [gone, stays] = [newId(parseTenantId), newId(parseTenantId)];
  for (const tenant of [gone, gone, stays]) await report(tenant);
  for (const [table, columns, values] of [
    ['outbox', 'tenant, event_id, topic, key, type, data', `$1, $1, 't', 'k', 'y', '{}'`],
    ['idempotency_keys', 'tenant, actor, route, key, body_hash', `$1, 'a', 'r', 'k', ''`],
    ['restores', 'tenant, restore_id', '$1, $1'],
  ])
    await db.adminQuery(`INSERT INTO ${table} (${columns}) VALUES (${values})`, [gone]);
  // A new table must be filled here, or this test would show nothing of it.
  expect(Object.keys(await rowsOfTenant(db, 'sync', gone))).toEqual(await tenantTables(db, 'sync'));
  const transport = httpTransport(world.address.replace(String(world.port), String(world.internalPort)));
  const admin = createClient({ transport, token: () => world.adminToken(), retry: { attempts: 1 } });
  const erase = () => admin.call(routes.deleteTenantInSync, { params: { tenant: gone } });
  const receipt = await erase();
  expect(receipt).toMatchObject({ tenantId: gone, state: 'erased', erased: { device_cursors: 2, outbox: 1 } });
  expect([await rowsOfTenant(db, 'sync', gone), await rowsOfTenant(db, 'sync', stays)]).toEqual([{}, { device_cursors: 1 }]);
  expect(await erase()).toEqual(receipt);
  await expect(report(gone)).rejects.toMatchObject({ code: 'tenant_erased' });
  expect(await rowsOfTenant(db, 'sync', gone)).toEqual({});
  transport.close();
});
