import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createTransitKeyManager, openFileKeyManager, patientKeys } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { temporaryFolder, testComponent, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rotateDataKey } from './rotate-data-key.ts';
import { TenantKeys } from './tenant-keys.ts';
import { chunkFrame, newUpload, putFrames } from '../testing/person-requests.ts';
import { openWorld, type Person, type World } from '../testing/world.ts';

let folder: TemporaryFolder;
let world: World;
let tokenFile: string;
const { url, token } = testComponent('openbao');
const key = `upload-${randomUUID()}`;
const transit = () =>
  patientKeys(createTransitKeyManager({ url, mount: 'transit', key, tokenFile }), { attempts: 2, sleep: () => Promise.resolve() });
const letIn = () => writeFile(tokenFile, token);
const shutOut = () => writeFile(tokenFile, 'no-token-of-theirs');

beforeAll(async () => {
  folder = await temporaryFolder();
  tokenFile = `${folder.path}/token`;
  await letIn();
  const headers = { 'X-Vault-Token': token };
  const made = await fetch(`${url}/v1/transit/keys/${key}`, { method: 'POST', headers, body: JSON.stringify({ derived: true }) });
  expect(made.status).toBe(200);
  world = await openWorld({ options: { keyManager: transit(), tenantOfHost: () => undefined } });
});
afterAll(async () => {
  await world?.stop();
  await folder.remove();
});

const newTenant = () => randomUUID() as TenantId;
const send = (person: Person) => putFrames(person, newUpload(), [chunkFrame(randomBytes(1_000))]);
const unavailable = expect.objectContaining({ name: 'Problem', code: 'unavailable' });

test('while the key manager refuses, new tenants wait and nothing of theirs is kept; who is known goes on', async () => {
  const known = await world.person(newTenant());
  await send(known);
  const waiting = await world.person(newTenant());
  await shutOut();
  await expect(send(waiting)).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 });
  await send(known);
  expect(await world.test.adminQuery('SELECT 1 FROM packs WHERE tenant = $1', [waiting.tenantId])).toEqual([]);
  await letIn();
  await send(waiting);
});

test('a process that begins while it refuses opens nothing, and all once it answers', async () => {
  const person = await world.person(newTenant());
  await send(person);
  await shutOut();
  const begun = new TenantKeys(world.database, transit(), Date.now);
  await expect(begun.newest(person.tenantId)).rejects.toEqual(unavailable);
  await expect(begun.of(person.tenantId, 1)).rejects.toEqual(unavailable);
  await letIn();
  expect((await begun.of(person.tenantId, 1)).generation).toBe(1);
});

test('a new generation that cannot be opened yet takes nothing away from what is open', async () => {
  const person = await world.person(newTenant());
  await send(person);
  let nowMs = 0;
  const held = new TenantKeys(world.database, transit(), () => nowMs);
  await held.of(person.tenantId, 1);
  await rotateDataKey({ database: world.database, keyManager: transit() }, person.tenantId, 1);
  await shutOut();
  nowMs += 3_600_000;
  await expect(held.newest(person.tenantId)).rejects.toEqual(unavailable);
  expect((await held.of(person.tenantId, 1)).generation).toBe(1);
  await held.ensure(person.tenantId);
  await letIn();
  expect((await held.newest(person.tenantId)).generation).toBe(2);
});

test("another key manager's keys are unavailable, not damage", async () => {
  const person = await world.person(newTenant());
  await send(person);
  const wrong = new TenantKeys(world.database, await openFileKeyManager(`${folder.path}/other.json`), Date.now);
  await expect(wrong.of(person.tenantId, 1)).rejects.toEqual(unavailable);
});

test('keys that were opened once are not opened again, and go when the tenant does', async () => {
  const person = await world.person(newTenant());
  await send(person);
  let nowMs = 0;
  const held = new TenantKeys(world.database, transit(), () => nowMs);
  await held.newest(person.tenantId);
  await shutOut();
  nowMs += 3_600_000;
  expect((await held.newest(person.tenantId)).generation).toBe(1);
  held.keepOnly(new Set([person.tenantId]));
  expect((await held.of(person.tenantId, 1)).generation).toBe(1);
  held.keepOnly(new Set());
  await expect(held.of(person.tenantId, 1)).rejects.toEqual(unavailable);
  await letIn();
});
