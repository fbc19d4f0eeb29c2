import { randomBytes, randomUUID } from 'node:crypto';
import { createClient } from '@driftbox/api-client';
import { MemoryStore, StoreError, type PackStore } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { routes, type SentBody } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';
import { rowsOfTenant, tenantTables } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readLedger } from './store/read-ledger.ts';
import { readUsageByQuota } from './store/read-usage-by-quota.ts';
import { chunkFrame, commitJson, newUpload, putFileOperation, putFrames, refOf, sha256 } from './testing/person-requests.ts';
import { TusPerson } from './testing/tus-person.ts';
import { openWorld, serviceKey, type Person, type World } from './testing/world.ts';

/** The n-th call from arming on fails, before or after it did its work. */
const fault = { left: 0, when: 'before' as 'before' | 'after', hit: false };
async function strike<T>(run: () => Promise<T>): Promise<T> {
  fault.left -= 1;
  if (fault.left !== 0) return run();
  fault.hit = true;
  if (fault.when === 'after') await run();
  throw new StoreError('unavailable', 'planted');
}
const store = new MemoryStore();
const packs: PackStore = {
  write: (id, bytes) => store.write(id, bytes),
  read: (id, range) => store.read(id, range),
  stat: (id) => store.stat(id),
  list: (page) => store.list(page),
  delete: (id) => strike(() => store.delete(id)),
};
const striking = (database: Database): Database => ({
  ...database,
  transaction: (...args) => strike(() => database.transaction(...args)) as never,
});

let world: World;
beforeAll(async () => {
  world = await openWorld({ packs, betweenDatabase: striking, options: { tenantOfHost: () => undefined } });
});
afterAll(() => world?.stop());

const admin = () =>
  createClient({
    transport: world.upload.service.transport,
    retry: { attempts: 1 },
    token: () => signServiceToken(serviceKey, { caller: 'admin' }),
  });
type Intent = Partial<SentBody<typeof routes.putTenantInUpload>>;
const put = (tenant: TenantId, intent: Intent = {}) =>
  admin().call(routes.putTenantInUpload, { params: { tenant }, body: { name: 'Acme', hosts: [], ...intent, tenantId: tenant } });
const get = (tenant: TenantId) => admin().call(routes.getTenantInUpload, { params: { tenant } });
const erase = (tenant: TenantId) => admin().call(routes.deleteTenantInUpload, { params: { tenant } });
const rows = (tenant: TenantId) => rowsOfTenant(world.test, 'upload', tenant);
const problem = (code: string) => expect.objectContaining({ code });
/** Every object of the pool. */
const objects = async () => (await store.list({ limit: 1000 })).packs.map(({ id }) => id).sort();

async function settle(): Promise<Person> {
  const tenant = randomUUID() as TenantId;
  await put(tenant);
  return world.person(tenant);
}

/** Puts something of the tenant into every table, in so many packs. */
async function liveIn(person: Person, files: number): Promise<void> {
  const uploadId = newUpload();
  const contents = Array.from({ length: files }, () => randomBytes(100));
  for (const bytes of contents) await putFrames(person, uploadId, [chunkFrame(bytes)]);
  await person.client.call(routes.askMissing, {
    params: { drive: person.drive },
    body: { uploadId, sizeBytes: 100, digests: contents.map(sha256) },
  });
  await world.test.adminQuery(`INSERT INTO idempotency_keys (tenant, actor, route, key, body_hash) VALUES ($1, 'a', 'r', 'k', '')`, [
    person.tenantId,
  ]);
  await world.test.adminQuery('INSERT INTO restores (tenant, restore_id) VALUES ($1, $1)', [person.tenantId]);
  await world.test.adminQuery('INSERT INTO collection_holds (tenant, holder, expires_at) VALUES ($1, $1, now())', [person.tenantId]);
  await world.test.adminQuery(`INSERT INTO upkeep_places (tenant, job) VALUES ($1, 'collection')`, [person.tenantId]);
  await world.test.adminQuery(`INSERT INTO damaged_chunks (tenant, digest, pack_id, kind) VALUES ($1, '', $1, 'missing')`, [
    person.tenantId,
  ]);
  await world.test.adminQuery(`INSERT INTO outbox (tenant, event_id, topic, key, type, data) VALUES ($1, $2, 't', 'k', 'y', '{}')`, [
    person.tenantId,
    randomUUID(),
  ]);
}

describe('putting an intent', () => {
  test('twice is as once, and ends at the highest generation in any order', async () => {
    const tenant = randomUUID() as TenantId;
    for (const generation of [2, 5, 5]) await put(tenant, { generation, name: `n${generation}`, limits: { uploads: generation } });
    const kept = await get(tenant);
    expect(kept).toMatchObject({
      intent: { generation: 5, name: 'n5', limits: { uploads: 5 } },
      usage: { packBytes: 0, liveBytes: 0, packs: 0, chunks: 0 },
    });
    await expect(put(tenant, { generation: 4, name: 'late' })).rejects.toEqual(problem('generation_superseded'));
    expect(await get(tenant)).toEqual(kept);
    await put(tenant);
    expect((await get(tenant)).intent).toMatchObject({ generation: 5, limits: { uploads: Number.MAX_SAFE_INTEGER } });
  });

  test('shows what the pool holds, since when all of it was verified, and what is damaged', async () => {
    const person = await settle();
    expect((await get(person.tenantId)).content).toEqual({ damagedChunks: 0 });
    await liveIn(person, 2);
    const old = '2026-01-02T03:04:05.678Z';
    await world.test.adminQuery(
      `UPDATE packs SET verified_at = $2 WHERE tenant = $1 AND pack_id = (SELECT pack_id FROM packs WHERE tenant = $1 LIMIT 1)`,
      [person.tenantId, old],
    );
    const { usage, content } = await get(person.tenantId);
    expect(usage).toEqual(await readLedger(world.database, person.tenantId));
    expect(usage).toMatchObject({ packs: 2, chunks: 2 });
    expect(content).toEqual({ verifiedSince: old, damagedChunks: 1 });
  });
});

test('what packs take is added up by Quota, of tenants without packs too', async () => {
  const people = [await settle(), await settle(), await settle()];
  for (const person of people.slice(0, 2)) await liveIn(person, 1);
  for (const { tenantId } of people) await put(tenantId, { quota: 'gold' });
  const ledgers = await Promise.all(people.map(({ tenantId }) => readLedger(world.database, tenantId)));
  const packBytes = ledgers.reduce((sum, ledger) => sum + ledger.packBytes, 0);
  expect(packBytes).toBeGreaterThan(200);
  const found = await readUsageByQuota(world.database);
  expect(found.filter(({ quota }) => quota !== '')).toEqual([{ quota: 'gold', packBytes }]);
});

test('a tenant has as many uploads open as it may', async () => {
  const person = await settle();
  await put(person.tenantId, { limits: { uploads: 2 } });
  const [one, two, three] = [newUpload(), newUpload(), newUpload()];
  const send = (upload: typeof one) => putFrames(person, upload, [chunkFrame(randomBytes(10))]);
  await send(one);
  await send(two);
  await send(one);
  await expect(send(three)).rejects.toEqual(problem('rate_limited'));
  const asking = person.client.call(routes.askMissing, {
    params: { drive: person.drive },
    body: { uploadId: three, sizeBytes: 1, digests: [] },
  });
  await expect(asking).rejects.toEqual(problem('rate_limited'));
  await person.client.call(routes.closeUpload, { params: { drive: person.drive, upload: one } });
  await send(three);
  await put(person.tenantId, { limits: { uploads: 0 } });
  await send(three);
  await expect(send(newUpload())).rejects.toEqual(problem('rate_limited'));
});

describe('erasing a tenant', () => {
  test('is refused while it is not suspended, and changes nothing', async () => {
    const person = await settle();
    await liveIn(person, 2);
    const before = [await rows(person.tenantId), await objects()];
    await expect(erase(person.tenantId)).rejects.toEqual(problem('not_suspended'));
    expect([await rows(person.tenantId), await objects()]).toEqual(before);
  });

  test('leaves no row in any table and no object in the pool, and everything of others', async () => {
    const neighbour = await settle();
    await liveIn(neighbour, 3);
    const others = await objects();
    const person = await settle();
    await liveIn(person, 69);
    const tus = new TusPerson(world, person);
    await tus.append(await tus.begin('half.bin', 8), 0, 'half');
    const before = await rows(person.tenantId);
    // A new table must be filled here, or this test would show nothing of it.
    expect(Object.keys(before)).toEqual(await tenantTables(world.test, 'upload'));
    await put(person.tenantId, { suspended: true });
    const receipt = await erase(person.tenantId);
    const { tenants: _row, known_tenants: _listed, ...counted } = before;
    expect(receipt).toMatchObject({ state: 'erased', erased: { ...counted, packs: 70, packBytes: expect.any(Number) } });
    expect(await rows(person.tenantId)).toEqual({});
    expect(await objects()).toEqual(others);
    expect(await erase(person.tenantId)).toEqual(receipt);
    await expect(put(person.tenantId)).rejects.toEqual(problem('tenant_erased'));
    await expect(get(person.tenantId)).rejects.toEqual(problem('tenant_erased'));
    await expect(putFrames(person, newUpload(), [chunkFrame(randomBytes(10))])).rejects.toEqual(problem('tenant_erased'));
    const kept = randomBytes(50);
    await putFrames(neighbour, newUpload(), [chunkFrame(kept)]);
    const file = putFileOperation(world.metadata.drives.get(neighbour.drive)!.drive.drive.rootId, 'kept', [refOf(kept)]);
    expect((await commitJson(neighbour, [file])).outcomes).toMatchObject([{ outcome: 'committed' }]);
  });

  test.each(['before', 'after'] as const)(
    'goes on where it failed, %s the work of any call, and counts nothing twice',
    async (when) => {
      for (let at = 1; ; at += 1) {
        const person = await settle();
        await liveIn(person, 1);
        await put(person.tenantId, { suspended: true });
        const others = (await objects()).length - 1;
        Object.assign(fault, { left: at, when, hit: false });
        await erase(person.tenantId).catch((error: unknown) =>
          expect(error).toEqual(expect.objectContaining({ code: expect.any(String) })),
        );
        const { hit } = fault;
        fault.left = 0;
        expect(await erase(person.tenantId)).toMatchObject({ state: 'erased', erased: { packs: 1, chunks: 1 } });
        expect([await rows(person.tenantId), (await objects()).length]).toEqual([{}, others]);
        if (!hit) break;
        expect(at).toBeLessThan(60);
      }
    },
    180_000,
  );

  test('in the middle of uploads leaves no object of theirs', async () => {
    const before = await objects();
    const person = await settle();
    await put(person.tenantId, { suspended: true });
    const sending = Array.from({ length: 4 }, async () => {
      for (;;) await putFrames(person, newUpload(), [chunkFrame(randomBytes(64))]);
    });
    const outcomes = Promise.allSettled(sending);
    await putFrames(person, newUpload(), [chunkFrame(randomBytes(64))]);
    const receipt = await erase(person.tenantId);
    for (const outcome of await outcomes) expect(outcome).toEqual({ status: 'rejected', reason: problem('tenant_erased') });
    expect(receipt.state).toBe('erased');
    expect([await rows(person.tenantId), await objects()]).toEqual([{}, before]);
  });
});
