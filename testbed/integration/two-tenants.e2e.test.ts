import { routes } from '@driftbox/protocol';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addTenant } from '../src/add-tenant.ts';
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

test('a suspended tenant lets nobody in until it is no longer', async () => {
  const tenant = await addTenant(server, 'later.test');
  await signUpByApi(server.address, 'eve', tenant.host);
  const logIn = () =>
    createClient({ transport: hostTransport(server.address, tenant.host), retry: { attempts: 1 } }).call(routes.logIn, {
      body: { email: 'eve@example.com', password: worldPassword, device: { name: 'x', kind: 'other' } },
    });
  await addTenant(server, tenant.host, { tenantId: tenant.tenantId, suspended: true });
  await expect(logIn()).rejects.toMatchObject({ code: 'unauthenticated' });
  await addTenant(server, tenant.host, { tenantId: tenant.tenantId });
  await expect(logIn()).resolves.toHaveProperty('accessToken');
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
