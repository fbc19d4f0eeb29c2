import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { createClient, noRetry } from '@driftbox/api-client';
import type { Database } from '@driftbox/postgres';
import { routes, type BodyOf, type Routes } from '@driftbox/protocol';
import { createAuthenticator, createLogger, createService, signServiceToken } from '@driftbox/service-kit';
import { faultsTimeoutMs, restoreEverywhere, rowsOfTenant, tenantTables, unnamedTables } from '@driftbox/testkit';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { bindReadTenant } from './routes/read-tenant.ts';
import { bindRestoreTenant } from './routes/restore-tenant.ts';
import { createWorld, password, serviceKey, type Answer, type World } from './testing/world.ts';
import { keptRows } from './store/kept-rows.ts';

const otherServiceKey = 'another service key of thirty-two bytes or more';
let world: World;
beforeAll(async () => {
  world = await createWorld({ otherServiceKey });
});
afterAll(() => world.close());

const device = { name: 'laptop', kind: 'cli' };
const admin = (key = serviceKey) => signServiceToken(key, { caller: 'admin' });
const hostOf = (tenant: TenantId) => `t-${tenant.slice(0, 8)}.test`;
// Random from its first digit: the test world names hosts by that.
const newTenant = (): TenantId => parseTenantId(randomUUID())!;

async function put(tenant: TenantId, changes: Record<string, unknown> = {}): Promise<Answer> {
  const body = { tenantId: tenant, name: 'Acme', hosts: [hostOf(tenant)], signUp: 'open', ...changes };
  return world.call('putTenantInAuth', { token: await admin(), params: { tenant }, body });
}
const get = async (tenant: TenantId) => world.call('getTenantInAuth', { token: await admin(), params: { tenant } });
const erase = async (tenant: TenantId) => world.call('deleteTenantInAuth', { token: await admin(), params: { tenant } });
const signUp = (tenant: TenantId, email: string, invitation?: string) =>
  world.call('signUp', {
    tenant,
    body: { email, password, displayName: 'Ada', device, ...(invitation === undefined ? {} : { invitation }) },
  });

describe('putting an intent', () => {
  test('twice is as once, and what is not said goes back to its default', async () => {
    const tenant = newTenant();
    const intent = { generation: 3, limits: { users: 5 }, signUp: 'closed', hosts: ['b.example.com', 'a.example.com'] };
    expect((await put(tenant, intent)).json).toEqual({});
    const first = (await get(tenant)).json;
    expect(first).toMatchObject({ intent: { ...intent, suspended: false, limits: { users: 5, trashDays: 30 } }, usage: { users: 0 } });
    await put(tenant, intent);
    expect((await get(tenant)).json).toEqual(first);
    await put(tenant, { signUp: undefined, hosts: ['a.example.com'] });
    expect((await get(tenant)).json.intent).toMatchObject({
      generation: 3,
      signUp: 'invite',
      limits: { users: Number.MAX_SAFE_INTEGER },
      hosts: ['a.example.com'],
    });
    expect(await world.auth.tenantOfHost('a.example.com')).toBe(tenant);
    expect(await world.auth.tenantOfHost('b.example.com')).toBeUndefined();
  });

  test('in any order ends at the highest generation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat({ max: 50 }), { minLength: 1, maxLength: 6 }), async (generations) => {
        const tenant = newTenant();
        let highest = -1;
        for (const generation of generations) {
          const { status, json } = await put(tenant, { generation, name: `n${generation}` });
          if (generation >= highest) expect(status).toBe(200);
          else expect([status, json.code, json.details]).toEqual([409, 'generation_superseded', { generation: highest }]);
          highest = Math.max(highest, generation);
        }
        expect((await get(tenant)).json.intent).toMatchObject({ generation: highest, name: `n${highest}` });
      }),
      { numRuns: 15 },
    );
  });

  test('of all at once ends at the highest generation too', async () => {
    const tenant = newTenant();
    const generations = [4, 9, 1, 7, 3, 8];
    await Promise.all(generations.map((generation) => put(tenant, { generation, hosts: [`${generation}.${hostOf(tenant)}`] })));
    expect((await get(tenant)).json.intent).toMatchObject({ generation: 9, hosts: [`9.${hostOf(tenant)}`] });
    expect((await world.db.adminQuery('SELECT host FROM tenant_hosts WHERE tenant_id = $1', [tenant])).length).toBe(1);
  });

  test('with the invitation given answers none, keeps none, and may be repeated without ending it', async () => {
    const tenant = newTenant();
    const invitation = randomBytes(32).toString('base64url');
    const intent = { signUp: 'closed', firstAdministrator: { email: 'boss@example.com', invitation } };
    for (let time = 0; time < 3; time += 1) expect((await put(tenant, intent)).json).toEqual({});
    const { json } = await get(tenant);
    expect(json.intent.firstAdministrator).toEqual({ email: 'boss@example.com' });
    expect(JSON.stringify(json)).not.toContain(invitation);
    expect(await signUp(tenant, 'boss@example.com', invitation)).toMatchObject({ status: 201, json: { account: { role: 'owner' } } });
  });

  test('that another tenant has the host of changes nothing', async () => {
    const [one, two] = [newTenant(), newTenant()];
    await put(one);
    await put(two, { generation: 1 });
    expect((await put(two, { generation: 2, hosts: [hostOf(one)], name: 'Thief' })).json.code).toBe('already_exists');
    expect((await get(two)).json.intent).toMatchObject({ generation: 1, name: 'Acme', hosts: [hostOf(two)] });
  });
});

test('a tenant has as many people as it may, whoever is first', async () => {
  const tenant = newTenant();
  await put(tenant, { limits: { users: 2 } });
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => signUp(tenant, `${name}@example.com`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 507, 507]);
  expect(answers.find(({ status }) => status === 507)?.json).toMatchObject({
    code: 'quota_exceeded',
    details: { limit: 'users', limitUsers: 2, usedUsers: 2 },
  });
  expect((await get(tenant)).json.usage).toEqual({ users: 2 });
  // Fewer than there are: nobody goes, and nobody comes.
  await put(tenant, { limits: { users: 1 } });
  expect((await get(tenant)).json.usage).toEqual({ users: 2 });
  await put(tenant, { limits: { users: 3 } });
  expect((await signUp(tenant, 'e@example.com')).status).toBe(201);
});

describe('a suspended tenant', () => {
  test('answers one problem to everything on its host, and is as before once resumed', async () => {
    const tenant = newTenant();
    await put(tenant);
    const joined = await world.join(tenant, 'ada@example.com');
    const { secret } = (await world.call('createAppPassword', { tenant, token: joined.accessToken, body: { name: 'n' } })).json;
    await put(tenant, { suspended: true });
    const exchange = async () =>
      world.call('exchangeAppPassword', {
        token: await signServiceToken(serviceKey, { caller: 'gateway', tid: tenant }),
        body: { tenantId: tenant, email: 'ada@example.com', password: secret, address: '192.0.2.1' },
      });
    const refused = await Promise.all([
      world.call('getMe', { tenant, token: joined.accessToken }),
      world.call('getMe', { token: joined.accessToken }),
      world.call('logIn', { tenant, body: { email: 'ada@example.com', password, device } }),
      world.call('refreshToken', { tenant, body: { refreshToken: joined.refreshToken } }),
      world.call('getCapabilities', { tenant }),
      world.call('forgetPassword', { tenant, body: { email: 'ada@example.com' } }),
      signUp(tenant, 'new@example.com'),
      exchange(),
    ]);
    for (const answer of refused) expect(answer).toMatchObject({ status: 403, json: { code: 'tenant_suspended' } });
    expect((await world.call('getKeys', { tenant })).status).toBe(200);
    await put(tenant);
    expect((await world.call('getMe', { tenant, token: joined.accessToken })).status).toBe(200);
    expect((await world.call('refreshToken', { tenant, body: { refreshToken: joined.refreshToken } })).status).toBe(200);
    expect((await exchange()).status).toBe(200);
  });

  test('is told to every service: to a newcomer while it lasts, to others when it changes', async () => {
    const tenant = newTenant();
    await put(tenant, { suspended: true });
    const read = async (query = '') =>
      (await world.call('listRevocations', { token: await signServiceToken(serviceKey, { caller: 'upload' }), query })).json;
    const first = await read();
    expect(first.tenants).toContainEqual({ tenantId: tenant, suspended: true });
    await put(tenant);
    expect((await read(`?after=${first.nextCursor}`)).tenants).toContainEqual({ tenantId: tenant, suspended: false });
    expect((await read()).tenants).not.toContainEqual(expect.objectContaining({ tenantId: tenant }));
    world.clock.advance(60_000);
    const later = await read(`?after=${first.nextCursor}`);
    await put(tenant, { name: 'Renamed' });
    expect((await read(`?after=${later.nextCursor}`)).tenants).toEqual([]);
  });
});

/** A tenant of which there is something in every table. */
async function livedIn(): Promise<{ tenant: TenantId; accessToken: string }> {
  const tenant = newTenant();
  await put(tenant, { firstAdministrator: {} });
  const { accessToken, account } = await world.join(tenant, `ada@${hostOf(tenant)}`);
  await world.db.adminQuery(
    `INSERT INTO issuers (tenant, name, issuer, client_id, managed, updated_at)
     VALUES ($1, 'corp', 'https://corp.example', 'c', false, now())`,
    [tenant],
  );
  await world.db.adminQuery(
    `INSERT INTO identities (tenant, issuer, subject, identity_id, user_id, linked_at)
     VALUES ($1, 'https://corp.example', 's', gen_random_uuid(), $2, now())`,
    [tenant, account.userId],
  );
  await world.db.adminQuery(
    `INSERT INTO issuer_proofs (tenant, state_hash, code_hash, code_challenge, issuer, subject, email_verified, expires_at)
     VALUES ($1, 's', 'c', 'x', 'https://corp.example', 's', true, now() + interval '1 hour')`,
    [tenant],
  );
  await world.call('createAppPassword', { tenant, token: accessToken, body: { name: 'backup' } });
  await world.call('logIn', { tenant, body: { email: `ada@${hostOf(tenant)}`, password: 'not this one at all', device } });
  await world.db.adminQuery(`INSERT INTO idempotency_keys (tenant, actor, route, key, body_hash) VALUES ($1, 'a', 'r', 'k', '')`, [tenant]);
  await world.db.adminQuery('INSERT INTO restores (tenant, restore_id, ended_at) VALUES ($1, $1, now())', [tenant]);
  return { tenant, accessToken };
}

describe('erasing a tenant', () => {
  test('is refused while it is not suspended, and changes nothing', async () => {
    const { tenant, accessToken } = await livedIn();
    const before = await rowsOfTenant(world.db, 'auth', tenant);
    expect(await erase(tenant)).toMatchObject({ status: 409, json: { code: 'not_suspended' } });
    expect(await rowsOfTenant(world.db, 'auth', tenant)).toEqual(before);
    expect((await world.call('getMe', { tenant, token: accessToken })).status).toBe(200);
  });

  test('leaves no row in any table, frees its hosts, and answers the same receipt for ever', async () => {
    const { tenant } = await livedIn();
    const neighbour = await livedIn();
    const before = await rowsOfTenant(world.db, 'auth', tenant);
    // A new table must be filled here, or this test would show nothing of it.
    expect(Object.keys(before)).toEqual(await tenantTables(world.db, 'auth'));
    await put(tenant, { suspended: true });
    const receipt = await erase(tenant);
    const { tenants: _row, tenant_hosts: _hosts, ...counted } = before;
    expect(receipt).toMatchObject({ status: 200, json: { tenantId: tenant, state: 'erased', erased: counted } });
    expect(await rowsOfTenant(world.db, 'auth', tenant)).toEqual({});
    expect((await erase(tenant)).json).toEqual(receipt.json);
    expect((await get(tenant)).json.code).toBe('tenant_erased');
    expect(await put(tenant)).toMatchObject({ status: 410, json: { code: 'tenant_erased' } });
    expect(await rowsOfTenant(world.db, 'auth', tenant)).toEqual({});
    expect((await put(neighbour.tenant, { hosts: [hostOf(neighbour.tenant), hostOf(tenant)] })).status).toBe(200);
    expect((await world.call('getMe', { tenant: neighbour.tenant, token: neighbour.accessToken })).status).toBe(200);
  });

  test('of one that never was keeps it from coming', async () => {
    const tenant = newTenant();
    expect((await get(tenant)).status).toBe(404);
    expect((await erase(tenant)).json).toMatchObject({ state: 'erased', erased: {} });
    expect((await put(tenant)).json.code).toBe('tenant_erased');
  });

  test('meets those who sign up at the same moment, and leaves nothing of them', async () => {
    const { tenant } = await livedIn();
    await world.db.adminQuery('UPDATE tenants SET suspended = true WHERE id = $1', [tenant]);
    const coming = Array.from({ length: 8 }, (_one, n) => signUp(tenant, `late${n}@example.com`));
    expect((await erase(tenant)).json.state).toBe('erased');
    for (const { status } of await Promise.all(coming)) expect([403, 404, 410]).toContain(status);
    expect(await rowsOfTenant(world.db, 'auth', tenant)).toEqual({});
  });
});

describe('the key', () => {
  test('may be either of two while it is being replaced, and no third', async () => {
    const tenant = newTenant();
    await put(tenant);
    const ask = async (key: string) => (await world.call('getTenantInAuth', { token: await admin(key), params: { tenant } })).status;
    expect([await ask(serviceKey), await ask(otherServiceKey), await ask('a third key of at least thirty-two bytes!')]).toEqual([
      200, 200, 401,
    ]);
  });

  test('is asked for by every admin route; neither a user nor a service of the cell will do', async () => {
    const tenant = newTenant();
    await put(tenant);
    const { accessToken } = await world.join(tenant);
    const service = await signServiceToken(serviceKey, { caller: 'upload', tid: tenant });
    for (const name of ['getTenantInAuth', 'deleteTenantInAuth'] as const) {
      const status = async (token?: string) =>
        (await world.call(name, { params: { tenant }, ...(token === undefined ? {} : { token }) })).status;
      expect([await status(), await status(accessToken), await status(service)]).toEqual([401, 401, 403]);
    }
  });
});

test('every table of a tenant is in its backups, or is said not to be', async () => {
  expect(await unnamedTables(world.db, 'auth', keptRows)).toEqual([]);
});

test(
  'a restore whose service fails or dies at any step is gone on with, and all of it is there once',
  async () => {
    const { tenant: source } = await livedIn();
    const authenticator = createAuthenticator({ keys: { find: () => Promise.reject(new Error('no key')) }, serviceKey });
    const log = createLogger({ service: 'test', level: 'silent' });
    const routesOn = (database: Database) => {
      const bindings = [bindReadTenant({ database }), bindRestoreTenant({ database })];
      const { transport } = createService({ name: 'auth', bindings, authenticator, log, registry: new Registry() });
      const client = createClient({ transport, retry: noRetry, token: () => admin() });
      return {
        read: (tenant: TenantId) => client.stream(routes.readTenantInAuth, { params: { tenant } }),
        restore: (tenant: TenantId, body: BodyOf<Routes['restoreTenantInAuth']>) =>
          client.call(routes.restoreTenantInAuth, { params: { tenant }, body }),
      };
    };
    const prepare = (tenant: TenantId) => put(tenant, { suspended: true, hosts: [] });
    expect(await restoreEverywhere(37, { database: world.db.database, routesOn, source, prepare })).toBeGreaterThan(40);
  },
  faultsTimeoutMs,
);

test('a recovered database: every session of every tenant ends, once, page by page', async () => {
  const tenant = newTenant();
  await put(tenant);
  const { json } = await signUp(tenant, 'ada@example.com');
  const recover = async () => {
    let sessions = 0;
    for (let place: string | undefined; ;) {
      const answer = await world.call('recoverAuth', { token: await admin(), body: { ...(place && { place }) } });
      sessions += answer.json.sessions;
      place = answer.json.place;
      if (place === undefined) return sessions;
    }
  };
  expect(await recover()).toBeGreaterThan(0);
  expect(await recover()).toBe(0);
  const again = await world.call('refreshToken', { tenant, body: { refreshToken: json.refreshToken } });
  expect(again).toMatchObject({ status: 401 });
});
