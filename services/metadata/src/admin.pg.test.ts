import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { TenantId } from '@driftbox/domain';
import { routes, type SentBody } from '@driftbox/protocol';
import { rowsOfTenant, tenantTables, unnamedTables } from '@driftbox/testkit';
import fc from 'fast-check';
import { copyUser } from './copy-users.ts';
import { chunk, kinds, problem, useScene, type Scene } from './testing/scene.ts';
import { newTenant, newUser } from './testing/world.ts';
import { keptRows } from './store/kept-rows.ts';
import { readUsageByQuota } from './store/read-usage-by-quota.ts';

let scene = {} as Scene;
useScene((opened) => {
  scene = opened;
});

type Intent = Partial<SentBody<typeof routes.putTenantInMetadata>>;
const put = (tenant: TenantId, intent: Intent = {}) =>
  scene.door.admin.call(routes.putTenantInMetadata, { params: { tenant }, body: { name: 'Acme', hosts: [], ...intent, tenantId: tenant } });
const get = (tenant: TenantId) => scene.door.admin.call(routes.getTenantInMetadata, { params: { tenant } });
const erase = (tenant: TenantId) => scene.door.admin.call(routes.deleteTenantInMetadata, { params: { tenant } });
const rows = (tenant = scene.tenantId) => rowsOfTenant(scene.db, 'metadata', tenant);

describe('putting an intent', () => {
  test('twice is as once, and what is not said goes back to its default', async () => {
    const tenant = newTenant();
    const intent: Intent = { generation: 7, hosts: ['a.example.com'], limits: { logicalBytes: 10, links: 3, egressBytesPerMonth: 4 } };
    await put(tenant, intent);
    const first = await get(tenant);
    expect(first).toMatchObject({ intent, usage: { current: 0, history: 0, trash: 0, inFlight: 0, files: 0, users: 0 } });
    await put(tenant, intent);
    expect(await get(tenant)).toEqual(first);
    await put(tenant);
    expect((await get(tenant)).intent).toMatchObject({
      generation: 7,
      hosts: [],
      limits: { logicalBytes: Number.MAX_SAFE_INTEGER, links: Number.MAX_SAFE_INTEGER },
    });
  });

  test('in any order ends at the highest generation', async () => {
    const numbers = fc.uniqueArray(fc.nat({ max: 50 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(numbers, fc.boolean(), async (generations, together) => {
        const tenant = newTenant();
        const putOne = (generation: number) =>
          put(tenant, { generation, name: `n${generation}` }).catch((error: unknown) =>
            expect(error).toEqual(problem('generation_superseded')),
          );
        if (together) await Promise.all(generations.map(putOne));
        else for (const generation of generations) await putOne(generation);
        const highest = Math.max(...generations);
        expect((await get(tenant)).intent).toMatchObject({ generation: highest, name: `n${highest}` });
      }),
      { numRuns: 20 },
    );
  });

  test('is of the tenant that the path names', async () => {
    const call = { params: { tenant: newTenant() }, body: { tenantId: newTenant(), name: 'Acme', hosts: [] } };
    await expect(scene.door.admin.call(routes.putTenantInMetadata, call)).rejects.toEqual(problem('invalid_argument'));
    await expect(get(call.params.tenant)).rejects.toEqual(problem('not_found'));
  });
});

describe('a quota below what is held', () => {
  test('is taken, loses nothing, and refuses what would grow, also from room that a drive had leased', async () => {
    const { ada, file, commit, tenantId, onEntry } = scene;
    const kept = file('kept', [chunk('kept', 1000)]);
    expect(kinds(await commit([kept]))).toEqual(['committed']);
    await put(tenantId, { limits: { logicalBytes: 500 } });
    const answer = await commit([file('more', [chunk('more', 1)])]);
    expect(answer.outcomes).toMatchObject([{ outcome: 'quota_exceeded', limit: 'tenant', limitBytes: 500, usedBytes: 1000 }]);
    const reserving = ada.upload.call(routes.reserveBytes, {
      params: { drive: scene.drive, upload: randomUUID() },
      body: { sizeBytes: 1, expiresAt: new Date(Date.now() + 60_000).toISOString() },
    });
    await expect(reserving).rejects.toEqual(problem('quota_exceeded'));
    expect(await ada.user.call(routes.getEntry, onEntry(kept.entryId))).toMatchObject({ sizeBytes: 1000 });
    expect((await get(tenantId)).usage).toMatchObject({ current: 1000, files: 1 });
    // What makes less of it goes on.
    expect(kinds(await commit([scene.folder('empty')]))).toEqual(['committed']);
    await put(tenantId, { limits: { logicalBytes: 2000 } });
    expect(kinds(await commit([file('again', [chunk('again', 1000)])]))).toEqual(['committed']);
  });

  test('of files likewise', async () => {
    const { file, commit, tenantId } = scene;
    expect(kinds(await commit([file('a', [chunk('a')]), file('b', [chunk('b')])]))).toEqual(['committed', 'committed']);
    await put(tenantId, { limits: { files: 1 } });
    expect((await commit([file('c', [chunk('c')])])).outcomes).toMatchObject([{ outcome: 'quota_exceeded', limit: 'files' }]);
    expect((await get(tenantId)).usage.files).toBe(2);
  });
});

test('what tenants use is added up by their Quota, of tenants without drives too', async () => {
  const { tenantId, commit, file, folder, db } = scene;
  const usage = async (quota: string) => (await readUsageByQuota(db.database)).find((row) => row.quota === quota);
  const [without, gold] = [await usage(''), await usage('gold')];
  expect(gold).toBeUndefined();
  await commit([file('a', [chunk('a', 1_000)]), file('b', [chunk('b', 24)]), folder('c')]);
  expect(await usage('')).toEqual({ ...without, usedBytes: without!.usedBytes + 1_024, usedFiles: without!.usedFiles + 2 });
  await put(tenantId, { quota: 'gold' });
  await put(newTenant(), { quota: 'gold' });
  expect(await usage('gold')).toEqual({ quota: 'gold', tenants: 2, usedBytes: 1_024, usedFiles: 2 });
  expect(await usage('')).toEqual({ ...without, tenants: without!.tenants - 1 });
});

/** Puts something of the tenant into every table. */
async function liveIn(): Promise<void> {
  const { ada, commit, file, folder, tenantId, drive, db } = scene;
  const gone = folder('gone');
  const inline = file('inline', [chunk('one', 10), chunk('two', 20)]);
  await commit([gone, inline]);
  await ada.user.call(routes.putTag, { params: { drive, entry: inline.entryId, tag: 'urgent' }, body: {} });
  await commit([{ op: 'delete', entryId: gone.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 2 }]);
  await commit([{ op: 'purge', entryId: gone.entryId, writeId: randomUUID() }]);
  await copyUser(db.database, accountEvent(tenantId));
  await ada.upload.call(routes.reserveBytes, {
    params: { drive, upload: randomUUID() },
    body: { sizeBytes: 100, expiresAt: new Date(Date.now() + 60_000).toISOString() },
  });
  await ada.user.call(routes.createDrive, { body: { name: 'Shared' }, idempotencyKey: randomUUID() });
  await db.adminQuery(`INSERT INTO provisional_lists (tenant, upload_id, list_id, drive_id, expires_at) VALUES ($1, $2, '', $2, now())`, [
    tenantId,
    randomUUID(),
  ]);
  await db.adminQuery(
    `WITH activity AS (
       INSERT INTO device_activity (tenant, drive_id, device, since, since_seq, drive_files, lost_files) VALUES ($1, $2, $2, now(), 0, 1, 1)
     )
     INSERT INTO brakes (tenant, device, user_id, drive_id, held, held_at, since, lost_files, limit_files)
     VALUES ($1, $2, $2, $2, true, now(), now(), 2, 1)`,
    [tenantId, randomUUID()],
  );
  await db.adminQuery('INSERT INTO restores (tenant, restore_id) VALUES ($1, $1)', [tenantId]);
  await db.adminQuery('INSERT INTO removals (tenant, user_id, removed_by, done_at) VALUES ($1, $1, $1, now())', [tenantId]);
  const granted = `INSERT INTO entry_grants (tenant, entry_id, subject, granted_by, role)
    SELECT tenant, entry_id, tenant, tenant, 'viewer' FROM entries WHERE tenant = $1 LIMIT 1`;
  await db.adminQuery(granted, [tenantId]);
  await db.adminQuery(`INSERT INTO groups (tenant, group_id, name) VALUES ($1, $2, 'g')`, [tenantId, tenantId]);
  await db.adminQuery('INSERT INTO group_members (tenant, group_id, user_id) VALUES ($1, $2, $2)', [tenantId, tenantId]);
  await db.adminQuery('INSERT INTO departures (tenant, drive_id, entry_id, seq, target_drive, target_seq) VALUES ($1, $2, $2, 1, $2, 1)', [
    tenantId,
    randomUUID(),
  ]);
}

const accountEvent = (tenant: TenantId) => ({
  type: 'user.created',
  time: new Date().toISOString(),
  tenant,
  data: { userId: newUser(), displayName: 'Ada', email: 'ada@example.com' },
});

describe('erasing a tenant', () => {
  test('is refused while it is not suspended, and changes nothing', async () => {
    await liveIn();
    const before = await rows();
    await expect(erase(scene.tenantId)).rejects.toEqual(problem('not_suspended'));
    expect(await rows()).toEqual(before);
  });

  test('leaves no row in any table, nor lets one come, and answers the same receipt for ever', async () => {
    const { tenantId, db, ada, commit, file } = scene;
    await liveIn();
    const before = await rows();
    // A new table must be filled here, or this test would show nothing of it.
    expect(Object.keys(before)).toEqual(await tenantTables(db, 'metadata'));
    await put(tenantId, { suspended: true });
    const receipt = await erase(tenantId);
    const { tenants: _row, ...counted } = before;
    expect(receipt).toMatchObject({ tenantId, state: 'erased', erased: counted });
    expect(await rows()).toEqual({});
    await copyUser(db.database, accountEvent(tenantId));
    await expect(ada.user.call(routes.createDrive, { body: { name: 'Late' } })).rejects.toEqual(problem('tenant_erased'));
    await expect(ada.user.call(routes.listDrives)).rejects.toEqual(problem('tenant_erased'));
    await expect(commit([file('late', [chunk('late')])])).rejects.toEqual(problem('tenant_erased'));
    await expect(put(tenantId, { generation: 99 })).rejects.toEqual(problem('tenant_erased'));
    await expect(get(tenantId)).rejects.toEqual(problem('tenant_erased'));
    expect(await erase(tenantId)).toEqual(receipt);
    expect(await rows()).toEqual({});
  });

  test('in the middle of commits leaves nothing of any', async () => {
    const { tenantId, commit, file } = scene;
    await put(tenantId, { suspended: true });
    let ended = false;
    const writing = Array.from({ length: 4 }, async (_one, at) => {
      for (let n = 0; !ended; n += 1) await commit([file(`${at}-${n}`, [chunk(`${at}-${n}`)])]);
    });
    const outcomes = Promise.allSettled(writing);
    const receipt = await erase(tenantId);
    ended = true;
    for (const outcome of await outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toEqual(problem('tenant_erased'));
    expect(receipt.state).toBe('erased');
    expect(await rows()).toEqual({});
  });

  test('of one that never was keeps it from coming', async () => {
    const tenant = newTenant();
    expect(await erase(tenant)).toMatchObject({ state: 'erased', erased: {} });
    await expect(put(tenant)).rejects.toEqual(problem('tenant_erased'));
  });
});

test('every table of a tenant is in its backups, or is said not to be', async () => {
  expect(await unnamedTables(scene.db, 'metadata', keptRows)).toEqual([]);
});
