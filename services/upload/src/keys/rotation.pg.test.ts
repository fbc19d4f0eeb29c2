import { randomBytes, randomUUID } from 'node:crypto';
import { createClient } from '@driftbox/api-client';
import { generateDataKey, openFileKeyManager, StoreError, type KeyManager } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, routes } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';
import { temporaryFolder, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readDataKeys } from '../store/read-data-keys.ts';
import { chunkFrame, fetchFrames, newUpload, putFrames, sha256 } from '../testing/person-requests.ts';
import { openWorld, serviceKey, type Person, type World } from '../testing/world.ts';
import { retireKeys } from './retire-keys.ts';
import { rewrapKeys } from './rewrap-keys.ts';
import { rotateDataKey } from './rotate-data-key.ts';
import { rotateKeys } from './rotate-keys.ts';
import { TenantKeys } from './tenant-keys.ts';

/** From arming on the n-th call to database or key manager fails, before or after it did its work; if `dies`, all later ones too. */
const fault = { left: 0, when: 'before' as 'before' | 'after', dies: true };
async function strike<T>(run: () => Promise<T>, error: () => Error): Promise<T> {
  fault.left -= 1;
  if (fault.left > 0 || (fault.left < 0 && !fault.dies)) return run();
  if (fault.left === 0 && fault.when === 'after') await run();
  throw error();
}
const databaseAway = () => new Problem('unavailable', 'planted');
const managerAway = () => new StoreError('unavailable', 'planted');

/** What a process that is about to die has of the world. */
function dying(database: Database, manager: KeyManager): { database: Database; keyManager: KeyManager } {
  return {
    database: {
      ...database,
      query: (...args) => strike(() => database.query(...args), databaseAway) as never,
      withTenant: (...args) => strike(() => database.withTenant(...args), databaseAway) as never,
    },
    keyManager: {
      place: manager.place,
      generations: () => strike(() => manager.generations(), managerAway),
      wrap: (key) => strike(() => manager.wrap(key), managerAway),
      unwrap: (of, wrapped) => strike(() => manager.unwrap(of, wrapped), managerAway),
      rewrap: (some) => strike(() => manager.rewrap(some), managerAway),
      rotate: () => strike(() => manager.rotate(), managerAway),
      retire: (generation) => strike(() => manager.retire(generation), managerAway),
    },
  };
}

let folder: TemporaryFolder;
let world: World;
let keyFile: string;
let people: Person[];
const contents = new Map<Person, Buffer[]>();
beforeAll(async () => {
  folder = await temporaryFolder();
  keyFile = `${folder.path}/keys.json`;
  world = await openWorld({ options: { keyManager: await openFileKeyManager(keyFile), tenantOfHost: () => undefined } });
});
afterAll(async () => {
  await world?.stop();
  await folder.remove();
});
beforeEach(async () => {
  people = await Promise.all([1, 2, 3].map(() => world.person(randomUUID() as TenantId)));
  for (const person of people) await store(person);
});

async function store(person: Person): Promise<void> {
  const bytes = randomBytes(2_000);
  await putFrames(person, newUpload(), [chunkFrame(bytes)]);
  contents.set(person, [...(contents.get(person) ?? []), bytes]);
}

const begin = (): Promise<KeyManager> => openFileKeyManager(keyFile, { mayCreate: async () => false });
const alive = async () => ({ database: world.database, keyManager: await begin() });
const admin = () =>
  createClient({
    transport: world.upload.service.transport,
    retry: { attempts: 1 },
    token: () => signServiceToken(serviceKey, { caller: 'admin' }),
  });
const packsOf = async () => (await world.packs.list({ limit: 1000 })).packs.map(({ id }) => id).sort();
const under = async (person: Person) =>
  (await readDataKeys(world.database, person.tenantId)).map(({ generation, keyGeneration }) => [generation, keyGeneration]);

/** Every data key of these people opens in a process that has seen nothing, and every byte is there. */
async function holds(): Promise<void> {
  const fresh = new TenantKeys(world.database, await begin(), Date.now);
  for (const person of people) {
    for (const { generation } of await readDataKeys(world.database, person.tenantId)) await fresh.of(person.tenantId, generation);
    const bytes = contents.get(person) ?? [];
    expect((await fetchFrames(person, bytes.map(sha256))).map(({ payload }) => sha256(payload))).toEqual(bytes.map(sha256));
  }
}

async function whole(work: { database: Database; keyManager: KeyManager }): Promise<void> {
  const { current } = await work.keyManager.generations();
  await rotateKeys(work.keyManager, current);
  for (let place: TenantId | undefined; ;) {
    place = (await rewrapKeys(work, { place, dryRun: false, budgetMs: 0 })).place;
    if (place === undefined) break;
  }
  await retireKeys(work, current);
}

/** By turns the process lives on and dies there: as dying before a call is as dying after the one before, it dies everywhere. */
const strikeAt = (n: number, when: 'before' | 'after') => Object.assign(fault, { left: n, when, dies: n % 2 === 0 });

function unlessStruck(error: unknown): void {
  if (fault.left > 0) throw error;
}

describe.each(['before', 'after'] as const)('a process that fails or dies %s its n-th call', (when) => {
  test('while keys are rotated, re-wrapped and retired: every key opens, and another goes on to the end', async () => {
    let [steps, struck] = [0, true];
    for (; struck; steps += 1) {
      expect(steps).toBeLessThan(200);
      strikeAt(steps + 1, when);
      await whole(dying(world.database, await begin())).catch(unlessStruck);
      struck = fault.left <= 0;
      await holds();
      await whole(await alive());
      await holds();
      const { current, usable } = await (await begin()).generations();
      expect(usable).toEqual([current]);
      for (const person of people) expect(await under(person)).toEqual([[1, current]]);
    }
    expect(steps).toBeGreaterThan(20);
  }, 120_000);

  test('while a data key is rotated: one generation more or none, and asking again gives exactly one', async () => {
    let struck = true;
    for (let n = 1; struck; n += 1) {
      const person = await world.person(randomUUID() as TenantId);
      await store(person);
      people.push(person);
      strikeAt(n, when);
      await rotateDataKey(dying(world.database, await begin()), person.tenantId, 1).catch(unlessStruck);
      struck = fault.left <= 0;
      await holds();
      expect(await rotateDataKey(await alive(), person.tenantId, 1)).toEqual({ generation: 2 });
      expect((await under(person)).map(([generation]) => generation)).toEqual([1, 2]);
      await holds();
    }
  });
});

test('at the door: generations are shown, rotated, counted, re-wrapped and retired; no pack is touched', async () => {
  const packs = await packsOf();
  const { current } = await admin().call(routes.getKeysInUpload);
  const rotate = () => admin().call(routes.rotateKeysInUpload, { body: { from: current } });
  expect(await rotate()).toEqual({ current: current + 1 });
  expect(await rotate()).toEqual({ current: current + 1 });
  expect(await admin().call(routes.getKeysInUpload)).toEqual({ place: keyFile, current: current + 1, usable: [current, current + 1] });
  const rewrap = (dryRun: boolean) => admin().call(routes.rewrapKeysInUpload, { body: { dryRun } });
  expect(await rewrap(true)).toMatchObject({ rewrapped: 0, unopened: [], wrappedUnder: expect.arrayContaining([expect.anything()]) });
  const retire = (generation: number) => admin().call(routes.retireKeysInUpload, { body: { generation } });
  await expect(retire(current)).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('re-wrap them first') });
  const done = await rewrap(false);
  expect(done.rewrapped).toBe(done.dataKeys);
  expect(await rewrap(false)).toMatchObject({ rewrapped: 0, wrappedUnder: [{ keyGeneration: current + 1, dataKeys: done.dataKeys }] });
  await expect(retire(current + 1)).rejects.toMatchObject({ code: 'invalid_argument' });
  await expect(admin().call(routes.rotateKeysInUpload, { body: { from: 9_999 } })).rejects.toMatchObject({ code: 'invalid_argument' });
  expect(await retire(current)).toEqual({ usable: [current + 1] });
  expect(await packsOf()).toEqual(packs);
  await holds();
});

test("a tenant's new data key serves new packs, its old packs stay as they are and readable", async () => {
  const [person, other] = people as [Person, Person];
  const packs = await packsOf();
  const call = { params: { tenant: person.tenantId }, body: { from: 1 } };
  const both = await Promise.all([admin().call(routes.rotateDataKey, call), admin().call(routes.rotateDataKey, call)]);
  expect(both).toEqual([{ generation: 2 }, { generation: 2 }]);
  await store(person);
  const { items } = await admin().call(routes.listDataKeys, { params: { tenant: person.tenantId } });
  expect(items).toMatchObject([
    { generation: 1, packs: 1, packBytes: expect.any(Number) },
    { generation: 2, packs: 1 },
  ]);
  expect(await packsOf()).toEqual(expect.arrayContaining(packs));
  expect((await under(other)).map(([generation]) => generation)).toEqual([1]);
  await holds();
  const stranger = { params: { tenant: randomUUID() as TenantId }, body: { from: 1 } };
  await expect(admin().call(routes.rotateDataKey, stranger)).rejects.toMatchObject({ code: 'not_found' });
  await expect(admin().call(routes.rotateDataKey, { ...call, body: { from: 9 } })).rejects.toMatchObject({ code: 'invalid_argument' });
});

/** The same keys, but what it opens is any key at all. */
const odd = (manager: KeyManager): KeyManager => ({
  place: manager.place,
  generations: () => manager.generations(),
  wrap: (key) => manager.wrap(key),
  unwrap: async ({ tenant, generation }) => generateDataKey(tenant, generation),
  rewrap: (some) => manager.rewrap(some),
  rotate: () => manager.rotate(),
  retire: (generation) => manager.retire(generation),
});

test('a key manager that answers keys which it never wrapped opens nothing, and nothing is kept that it would have to open', async () => {
  const [person] = people as [Person];
  const keyManager = odd(await begin());
  const process = { database: world.database, keyManager };
  const keys = new TenantKeys(world.database, keyManager);
  const unavailable = { code: 'unavailable' };
  await expect(keys.newest(person.tenantId)).rejects.toMatchObject(unavailable);
  await expect(keys.of(person.tenantId, 1)).rejects.toMatchObject(unavailable);
  const stranger = randomUUID() as TenantId;
  await expect(keys.newest(stranger)).rejects.toMatchObject(unavailable);
  expect(await readDataKeys(world.database, stranger)).toEqual([]);
  const before = await readDataKeys(world.database, person.tenantId);
  await expect(rotateDataKey(process, person.tenantId, 1)).rejects.toMatchObject(unavailable);
  await rotateKeys(await begin(), (await keyManager.generations()).current);
  await expect(rewrapKeys(process, { dryRun: false, budgetMs: 60_000 })).rejects.toMatchObject(unavailable);
  expect(await readDataKeys(world.database, person.tenantId)).toEqual(before);
  await holds();
});

test('a key from before there were fingerprints opens, and has one once it is wrapped again', async () => {
  const [person] = people as [Person];
  const fingerprint = async () => (await readDataKeys(world.database, person.tenantId))[0]?.fingerprint;
  const known = await fingerprint();
  await world.test.adminQuery('UPDATE data_keys SET fingerprint = NULL WHERE tenant = $1', [person.tenantId]);
  await holds();
  const { keyManager } = await alive();
  await rotateKeys(keyManager, (await keyManager.generations()).current);
  await rewrapKeys(await alive(), { dryRun: false, budgetMs: 60_000 });
  expect(await fingerprint()).toEqual(known);
  await holds();
});

test('a data key that does not open is named, stays as it is, and holds nothing else up', async () => {
  const [broken] = people as [Person];
  await world.test.adminQuery('UPDATE data_keys SET wrapped = $2 WHERE tenant = $1', [broken.tenantId, randomBytes(60)]);
  const { keyManager } = await alive();
  const { current } = await keyManager.generations();
  await rotateKeys(keyManager, current);
  const done = await rewrapKeys(await alive(), { dryRun: false, budgetMs: 60_000 });
  expect(done.unopened).toEqual([{ tenant: broken.tenantId, generation: 1, keyGeneration: current }]);
  expect(done.rewrapped).toBe(done.dataKeys - 1);
  await expect(retireKeys(await alive(), current)).rejects.toMatchObject({ code: 'invalid_argument' });
  await world.test.adminQuery('DELETE FROM data_keys WHERE tenant = $1', [broken.tenantId]);
});
