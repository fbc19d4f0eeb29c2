import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createMemoryBus } from '@driftbox/event-bus';
import { parseTenantId } from '@driftbox/domain';
import { signServiceToken, verifyAccessToken } from '@driftbox/service-kit';
import { waitFor } from '@driftbox/testkit';
import { accountsTopic } from './events.ts';
import { createWorld, serviceKey, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function publishedIds(): Promise<string[]> {
  const { json } = await world.call('getKeys');
  return json.keys.map((key: { kid: string }) => key.kid);
}

const keyOf = (token: string): string => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid;

test('signing keys rotate and sign nobody out', async () => {
  const { tenant } = await world.addTenant();
  const joined = await world.join(tenant, 'rotate@example.com');
  const [first] = await publishedIds();
  world.clock.advance(30 * 86_400_000 - 9 * 60_000);
  const before = (await world.call('refreshToken', { tenant, body: { refreshToken: joined.refreshToken } })).json;
  await Promise.all([world.auth.rotateKeys(), world.auth.rotateKeys(), world.auth.rotateKeys()]);
  const [, second, ...more] = await publishedIds();
  expect(more).toEqual([]);
  expect(keyOf(before.accessToken)).toBe(first);
  world.clock.advance(11 * 60_000);
  await world.auth.rotateKeys();
  expect((await world.call('getMe', { tenant, token: before.accessToken })).status).toBe(200);
  const after = (await world.call('refreshToken', { tenant, body: { refreshToken: before.refreshToken } })).json;
  expect(keyOf(after.accessToken)).toBe(second);
  expect((await world.call('getMe', { tenant, token: after.accessToken })).status).toBe(200);
  world.clock.advance(25 * 60_000);
  await world.auth.rotateKeys();
  expect(await publishedIds()).toEqual([second]);
});

test('private keys are sealed in the database', async () => {
  const [row] = await world.db.adminQuery<{ sealed: Buffer; public: Record<string, unknown> }>(
    'SELECT sealed_key AS sealed, public_key AS public FROM auth.signing_keys',
  );
  expect(row?.public).not.toHaveProperty('d');
  expect(row?.sealed.includes(Buffer.from('302e020100300506032b6570', 'hex'))).toBe(false);
});

describe('the feed of revocations', () => {
  const read = async (query = '', token?: string) =>
    world.call('listRevocations', { token: token ?? (await signServiceToken(serviceKey, { caller: 'metadata' })), query });

  test('tells a service of ended sessions, also of those a slow transaction wrote', async () => {
    const { tenant } = await world.addTenant();
    const { accessToken } = await world.join(tenant);
    const { sid } = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString());
    const before = (await read()).json;
    expect(before.sessions).not.toContain(sid);
    await world.db.adminQuery(
      "INSERT INTO auth.revocations (kind, subject, revoked_at) VALUES ('user', $1, to_timestamp($2::float8 / 1000))",
      ['99999999-9999-4999-8999-999999999999', world.clock.now() - 20_000],
    );
    await world.call('logOut', { tenant, token: accessToken });
    const after = (await read(`?after=${before.nextCursor}`)).json;
    expect(after.sessions).toContain(sid);
    expect(after.users).toEqual(['99999999-9999-4999-8999-999999999999']);
    world.clock.advance(60_000);
    const later = (await read(`?after=${after.nextCursor}`)).json;
    world.clock.advance(60_000);
    expect((await read(`?after=${later.nextCursor}`)).json).toMatchObject({ sessions: [], users: [] });
  });

  test('tells of what ended after the clock was set back, to who read it before', async () => {
    const { tenant } = await world.addTenant();
    const { accessToken } = await world.join(tenant);
    const { sid } = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString());
    world.clock.jump(86_400_000);
    const ahead = (await read()).json;
    world.clock.jump(-86_400_000);
    const back = (await read(`?after=${ahead.nextCursor}`)).json;
    await world.call('logOut', { tenant, token: accessToken });
    expect((await read(`?after=${back.nextCursor}`)).json.sessions).toContain(sid);
  });

  test('is for services', async () => {
    const { tenant } = await world.addTenant();
    const { accessToken } = await world.join(tenant);
    expect((await read('', accessToken)).status).toBe(401);
    expect((await read('?after=nonsense')).status).toBe(400);
  });
});

describe('row-level security', () => {
  test('a query without the tenant, or with another, sees nothing', async () => {
    const { tenant } = await world.addTenant();
    await world.join(tenant);
    const nobody = parseTenantId('00000000-0000-4000-8000-000000000000')!;
    for (const table of ['users', 'devices', 'sessions', 'refresh_tokens', 'mailed_secrets', 'login_audit']) {
      expect((await world.db.adminQuery(`SELECT 1 FROM auth.${table} WHERE tenant = $1`, [tenant])).length).toBeGreaterThan(0);
      expect((await world.db.database.query(`SELECT 1 FROM ${table}`)).rows).toEqual([]);
      expect((await world.db.database.withTenant(nobody, `SELECT 1 FROM ${table}`)).rows).toEqual([]);
      expect((await world.db.database.withTenant(tenant, `SELECT 1 FROM ${table}`)).rows.length).toBeGreaterThan(0);
    }
  });
});

test('what has expired is swept, and nothing else', async () => {
  const { tenant } = await world.addTenant();
  const { tenant: young } = await world.addTenant();
  await world.join(tenant, 'old@example.com');
  await world.call('logIn', { tenant, body: { email: 'old@example.com', password: 'wrong one', device: { name: 'x', kind: 'cli' } } });
  world.clock.advance(91 * 86_400_000);
  await world.join(young, 'young@example.com');
  await world.auth.sweep();
  const count = async (table: string, of: string) =>
    (await world.db.adminQuery(`SELECT 1 FROM auth.${table} WHERE tenant = $1`, [of])).length;
  for (const table of ['sessions', 'refresh_tokens', 'mailed_secrets', 'login_attempts', 'login_audit', 'invitations'])
    expect([table, await count(table, tenant)]).toEqual([table, 0]);
  expect(await count('users', tenant)).toBe(1);
  for (const table of ['sessions', 'refresh_tokens', 'mailed_secrets', 'login_audit']) expect(await count(table, young)).toBe(1);
});

test('events say who, and no secret', async () => {
  const { tenant } = await world.addTenant();
  const { account } = await world.join(tenant);
  const [row] = await world.db.adminQuery<{ data: unknown }>('SELECT data FROM auth.outbox WHERE tenant = $1 ORDER BY id LIMIT 1', [
    tenant,
  ]);
  expect(row?.data).toEqual({ userId: account.userId, email: account.email, emailVerified: false, displayName: 'Ada', role: 'member' });
});

test('a relay publishes what auth wrote', async () => {
  const bus = createMemoryBus();
  const events: { type: string; tenant: string }[] = [];
  await bus.subscribe({ group: 'test', topics: [accountsTopic], handler: async (event) => void events.push(event) });
  const other = await createWorld({ bus, relay: true });
  await other.auth.start();
  const { tenant } = await other.addTenant();
  await other.join(tenant);
  await waitFor(() => events.length >= 2, { deadlineMs: 10_000 });
  expect(events.map((event) => [event.type, event.tenant])).toEqual([
    ['user.created', tenant],
    ['session.started', tenant],
  ]);
  await other.close();
  await bus.close();
});

test('the keys verify in process', async () => {
  const { tenant } = await world.addTenant();
  const { accessToken } = await world.join(tenant);
  await expect(verifyAccessToken(world.auth.keys, accessToken, world.clock.now() + 901_000)).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});
