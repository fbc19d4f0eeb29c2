import { randomUUID } from 'node:crypto';
import { routes, type Problem } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addTenant, eraseOn } from '../src/add-tenant.ts';
import type { AddedTenant } from '../src/register-tenant.ts';
import { hostTransport, putFiles, signUpByApi } from '../src/api-user.ts';
import { openServer, type OpenServer } from '../src/open-server.ts';
import { rawRequest } from '../src/raw-request.ts';
import { createClient } from '@driftbox/api-client';
import { worldPassword } from '../src/world.ts';

let server: OpenServer;
let acme: AddedTenant;
let umbrella: AddedTenant;
beforeAll(async () => {
  server = await openServer({ DRIFTBOX_INTERNAL_PORT: '0' });
  acme = await addTenant(server, 'acme.test');
  umbrella = await addTenant(server, 'umbrella.test');
});
afterAll(() => server?.close());

test('people of two tenants may have one address, each their own password and drive', async () => {
  const ada = await signUpByApi(server.address, 'ada', acme.host);
  const other = await signUpByApi(server.address, 'ada', umbrella.host);
  expect(ada.drive.drive).not.toBe(other.drive.drive);
  await putFiles(ada, [{ name: 'note.txt', bytes: Buffer.from('of acme') }]);
  const { items } = await other.client.call(routes.listChildren, { params: { drive: other.drive.drive, entry: other.drive.rootId } });
  expect(items).toEqual([]);
});

test('a suspended tenant is refused by every service, and everybody goes on where they were once it is resumed', async () => {
  const tenant = await addTenant(server, 'later.test');
  const eve = await signUpByApi(server.address, 'eve', tenant.host);
  const { drive } = eve.drive;
  const transport = hostTransport(server.address, tenant.host);
  const client = createClient({ transport, retry: { attempts: 1 }, token: async () => eve.accessToken });
  const asks = [
    () => client.call(routes.getMe),
    () => client.call(routes.listDrives),
    () => client.call(routes.askMissing, { params: { drive }, body: { uploadId: randomUUID(), sizeBytes: 1, digests: [] } }),
    () => client.call(routes.listDeviceCursors),
    () => client.call(routes.getCapabilities),
    () => client.call(routes.logIn, { body: { email: 'eve@example.com', password: worldPassword, device: { name: 'x', kind: 'other' } } }),
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
  await addTenant(server, tenant.host, { tenantId: tenant.tenantId, suspended: true });
  await waitFor(async () => (await codes()).every((code) => code === 'tenant_suspended'));
  const other = await signUpByApi(server.address, 'neighbour', umbrella.host);
  await other.client.call(routes.listDrives);
  await addTenant(server, tenant.host, { tenantId: tenant.tenantId });
  await waitFor(async () => (await codes()).every((code) => code === 'ok'));
});

test('an erased tenant is gone from every service, with a receipt from each, and its host is free', async () => {
  const tenant = await addTenant(server, 'gone.test');
  const ada = await signUpByApi(server.address, 'ada', tenant.host);
  await putFiles(ada, [{ name: 'note.txt', bytes: Buffer.from('soon gone') }]);
  await expect(eraseOn(server, tenant.tenantId)).rejects.toMatchObject({ code: 'not_suspended' });
  await addTenant(server, tenant.host, { tenantId: tenant.tenantId, suspended: true });
  const receipts = await eraseOn(server, tenant.tenantId);
  expect(receipts.map(({ service, state }) => [service, state]).sort()).toEqual(
    ['auth', 'metadata', 'sync', 'upload'].map((service) => [service, 'erased']),
  );
  expect(Object.fromEntries(receipts.map(({ service, erased }) => [service, erased]))).toMatchObject({
    auth: { users: 1, sessions: 1 },
    metadata: { drives: 1, entries: 1, revisions: 1 },
    upload: { packs: 1, chunks: 1, data_keys: 1 },
  });
  expect(await eraseOn(server, tenant.tenantId)).toEqual(receipts);
  await expect(addTenant(server, tenant.host, { tenantId: tenant.tenantId })).rejects.toMatchObject({ code: 'tenant_erased' });
  const next = await addTenant(server, tenant.host);
  const fresh = await waitFor(() => signUpByApi(server.address, 'ada', next.host));
  const { items } = await fresh.client.call(routes.listChildren, { params: { drive: fresh.drive.drive, entry: fresh.drive.rootId } });
  expect(items).toEqual([]);
});

test('a host belongs to one tenant', async () => {
  await expect(addTenant(server, acme.host)).rejects.toMatchObject({ code: 'already_exists' });
});

test('the public address has none of the cell\u2019s own routes', async () => {
  const path = `/admin/v1/auth/tenants/${acme.tenantId}`;
  expect((await rawRequest(server.address, { method: 'PUT', path, body: Buffer.from('{}') })).code).toBe('not_found');
  const { internal } = server.process();
  expect((await rawRequest(internal!.auth, { method: 'PUT', path, body: Buffer.from('{}') })).code).toBe('unauthenticated');
});
