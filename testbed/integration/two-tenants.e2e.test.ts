import { randomUUID } from 'node:crypto';
import { createClient } from '@driftbox/api-client';
import { routes, type Problem } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { eraseTenant, type Receipt } from '../src/erase-tenant.ts';
import { registerTenant, type AddedTenant, type TenantIntent } from '../src/register-tenant.ts';
import { hostTransport, putFiles, signUpByApi } from '../src/api-user.ts';
import { rawRequest } from '../src/raw-request.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';
import { hostOfTenant } from '../src/target/host-of-tenant.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';
import { worldPassword } from '../src/world.ts';

const administered = testThatNeeds('administrator');
let door: OpenDoor;
let acme: AddedTenant;
let umbrella: AddedTenant;
beforeAll(async () => {
  door = await openDoor();
  acme = await addTenant('acme');
  umbrella = await addTenant('umbrella');
});
afterAll(() => door?.close());

/** A gateway may know of a change to a tenant so much later. */
const heardOf = { deadlineMs: 15_000 };
const addTenant = (name: string): Promise<AddedTenant> => registerTenant(door.administrator(), hostOfTenant(door.administrator(), name));
const changeTenant = ({ tenantId, host }: AddedTenant, intent: Partial<TenantIntent> = {}): Promise<AddedTenant> =>
  registerTenant(door.administrator(), host, { tenantId, ...intent });
const erase = ({ tenantId }: AddedTenant): Promise<Receipt[]> => eraseTenant(door.administrator(), tenantId);

administered('people of two tenants may have one address, each their own password and drive', async () => {
  const ada = await signUpByApi(door.address, 'ada', acme.host);
  const other = await signUpByApi(door.address, 'ada', umbrella.host);
  expect(ada.drive.drive).not.toBe(other.drive.drive);
  await putFiles(ada, [{ name: 'note.txt', bytes: Buffer.from('of acme') }]);
  const { items } = await other.client.call(routes.listChildren, { params: { drive: other.drive.drive, entry: other.drive.rootId } });
  expect(items).toEqual([]);
});

administered('a suspended tenant is refused by every service, and everybody goes on where they were once it is resumed', async () => {
  const tenant = await addTenant('later');
  const eve = await signUpByApi(door.address, 'eve', tenant.host);
  const { drive } = eve.drive;
  const transport = hostTransport(door.address, tenant.host);
  const client = createClient({ transport, retry: { attempts: 1 }, token: async () => eve.accessToken });
  const asks = [
    () => client.call(routes.getMe),
    () => client.call(routes.listDrives),
    () => client.call(routes.askMissing, { params: { drive }, body: { uploadId: randomUUID(), sizeBytes: 1, digests: [] } }),
    () => client.call(routes.listDeviceCursors),
    () => client.call(routes.getCapabilities),
    () => client.call(routes.logIn, { body: { email: eve.email, password: worldPassword, device: { name: 'x', kind: 'other' } } }),
  ];
  const codes = () =>
    Promise.all(
      asks.map((ask) =>
        ask().then(
          () => 'ok',
          (error: unknown) => (error as Problem).code,
        ),
      ),
    );
  await changeTenant(tenant, { suspended: true });
  await waitFor(async () => (await codes()).every((code) => code === 'tenant_suspended'), heardOf);
  const other = await signUpByApi(door.address, 'neighbour', umbrella.host);
  await other.client.call(routes.listDrives);
  await changeTenant(tenant);
  await waitFor(async () => (await codes()).every((code) => code === 'ok'), heardOf);
});

administered('an erased tenant is gone from every service, with a receipt from each, and its host is free', async () => {
  const tenant = await addTenant('gone');
  const ada = await signUpByApi(door.address, 'ada', tenant.host);
  await putFiles(ada, [{ name: 'note.txt', bytes: Buffer.from('soon gone') }]);
  await expect(erase(tenant)).rejects.toMatchObject({ code: 'not_suspended' });
  await changeTenant(tenant, { suspended: true });
  const receipts = await erase(tenant);
  expect(receipts.map(({ service, state }) => [service, state]).sort()).toEqual(
    ['auth', 'metadata', 'notification', 'share', 'sync', 'upload'].map((service) => [service, 'erased']),
  );
  expect(Object.fromEntries(receipts.map(({ service, erased }) => [service, erased]))).toMatchObject({
    auth: { users: 1, sessions: 1 },
    metadata: { drives: 1, entries: 1, revisions: 1 },
    upload: { packs: 1, chunks: 1, data_keys: 1 },
  });
  expect(await erase(tenant)).toEqual(receipts);
  await expect(changeTenant(tenant)).rejects.toMatchObject({ code: 'tenant_erased' });
  const next = await registerTenant(door.administrator(), tenant.host);
  // Where a gateway has not heard yet whose the host is now, it refuses whom auth has just signed up: then somebody else tries.
  let tries = 0;
  const fresh = await waitFor(() => signUpByApi(door.address, `ada${tries++ || ''}`, next.host), heardOf);
  const { items } = await fresh.client.call(routes.listChildren, { params: { drive: fresh.drive.drive, entry: fresh.drive.rootId } });
  expect(items).toEqual([]);
});

administered('a host belongs to one tenant', async () => {
  await expect(registerTenant(door.administrator(), acme.host)).rejects.toMatchObject({ code: 'already_exists' });
});

administered('the public address has none of the cell\u2019s own routes', async () => {
  const path = `/admin/v1/auth/tenants/${acme.tenantId}`;
  expect((await rawRequest(door.address, { method: 'PUT', path, body: Buffer.from('{}') })).code).toBe('not_found');
  const { auth } = door.administrator().internal;
  expect((await rawRequest(auth, { method: 'PUT', path, body: Buffer.from('{}') })).code).toBe('unauthenticated');
});
