import { randomUUID } from 'node:crypto';
import { parseSessionId, parseUserId } from '@driftbox/domain';
import { falseClock, manualClock, waitFor } from '@driftbox/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acme, openCell, other, type Cell } from './testing/cell.ts';

let cell: Cell;
beforeEach(() => {
  cell = openCell();
});
afterEach(() => cell.verify.stop());

const newUser = () => parseUserId(randomUUID())!;

async function ask(authorization: string | undefined, host = 'acme.test', address = '192.0.2.1') {
  const headers = { host, 'x-forwarded-for': address, ...(authorization === undefined ? {} : { authorization }) };
  const { status, headers: answered } = await cell.verify.service.transport({ method: 'GET', path: '/verify', headers });
  return { status, refusal: answered['driftbox-refusal'], headers: answered };
}

const basic = (password: string) => `Basic ${Buffer.from(`ada@example.com:${password}`).toString('base64')}`;

describe('a token', () => {
  test('that is right admits, and tells NGINX who it is', async () => {
    const sub = newUser();
    const { status, headers } = await ask(await cell.bearer({ sub }));
    expect(status).toBe(204);
    expect(headers).toMatchObject({ 'driftbox-tenant': acme, 'driftbox-user': sub });
    expect(headers['driftbox-authorization']).toBeUndefined();
  });

  test.each<[string, () => Promise<string | undefined>]>([
    ['is missing', async () => undefined],
    ['is none', async () => 'Bearer x.y.z'],
    ['has expired', () => cell.bearer({}, -1_000)],
    ['belongs to another tenant', () => cell.bearer({ tid: other })],
    ['has another signature', async () => `${(await cell.bearer()).slice(0, -6)}AAAAAA`],
    ['comes by another scheme', async () => 'Digest username="ada"'],
  ])('that %s is refused as unauthenticated', async (_what, authorization) => {
    expect(await ask(await authorization())).toMatchObject({ status: 401, refusal: 'unauthenticated' });
  });

  test('on a host of no tenant finds nothing', async () => {
    expect(await ask(await cell.bearer(), 'nobody.test')).toMatchObject({ status: 403, refusal: 'not_found' });
  });

  test.each(['session', 'user'] as const)('whose %s was ended is refused soon after', async (kind) => {
    const sub = newUser();
    const sid = parseSessionId(randomUUID())!;
    const token = await cell.bearer({ sub, sid });
    expect((await ask(token)).status).toBe(204);
    cell.revoke(kind === 'session' ? { session: sid } : { user: sub });
    await waitFor(async () => (await ask(token)).status === 401, { deadlineMs: 5_000 });
  });
});

describe('with auth stopped', () => {
  test('tokens go on being checked: good ones admitted, bad ones refused', async () => {
    expect((await ask(await cell.bearer())).status).toBe(204);
    cell.away.auth = true;
    expect((await ask(await cell.bearer())).status).toBe(204);
    expect((await ask(await cell.bearer({ tid: other }))).status).toBe(401);
  });

  test('nobody is admitted before it was heard once, and then everybody is', async () => {
    cell.away.auth = true;
    const token = await cell.bearer();
    expect(await ask(token)).toMatchObject({ status: 403, refusal: 'unavailable' });
    await expect(cell.verify.service.ready()).rejects.toThrow();
    cell.away.auth = false;
    await waitFor(async () => (await ask(token)).status === 204);
    await cell.verify.service.ready();
  });

  test('a host that was never asked for is unavailable, not unknown', async () => {
    await ask(await cell.bearer());
    cell.away.auth = true;
    expect(await ask(await cell.bearer({ tid: other }), 'other.test')).toMatchObject({ status: 403, refusal: 'unavailable' });
  });
});

describe('an app password', () => {
  test('is exchanged once a minute, and NGINX gets the token to hand on', async () => {
    const user = newUser();
    const rate = { perSecond: 100, burst: 100 };
    cell.limits.set(acme, { suspended: false, tenantRequests: rate, userRequests: rate });
    cell.appPasswords.set('app-secret', user);
    const first = await ask(basic('app-secret'));
    expect(first).toMatchObject({ status: 204, headers: { 'driftbox-user': user } });
    expect((await ask(first.headers['driftbox-authorization'])).status).toBe(204);
    const again = await Promise.all(Array.from({ length: 5 }, () => ask(basic('app-secret'))));
    expect(again.every(({ status }) => status === 204)).toBe(true);
    expect(cell.asked.filter((path) => path.includes('exchange'))).toHaveLength(1);
    const counted = (await cell.registry.metrics()).matchAll(/^driftbox_cache_lookups_total{cache="(\w+)",outcome="(\w+)"} ([1-9])$/gm);
    expect([...counted].map(([, ...found]) => found.join(' ')).sort()).toEqual([
      'app_passwords hit 5',
      'app_passwords miss 1',
      'hosts hit 6',
      'hosts miss 1',
      'signing_keys hit 1',
      'signing_keys miss 1',
      'tenant_limits hit 6',
      'tenant_limits miss 1',
      'user_tokens hit 6',
      'user_tokens miss 1',
    ]);
  });

  test('asked for by many at once is exchanged once; after a minute it is again', async () => {
    await cell.verify.stop();
    const clock = manualClock(Date.now());
    cell = openCell({ nowMs: () => clock.now() });
    cell.appPasswords.set('app-secret', newUser());
    await Promise.all(Array.from({ length: 8 }, () => ask(basic('app-secret'))));
    const exchanges = () => cell.asked.filter((path) => path.includes('exchange')).length;
    expect(exchanges()).toBe(1);
    clock.advance(60_001);
    await ask(basic('app-secret'));
    expect(exchanges()).toBe(2);
  });

  test.each(['wrong', ''])('%p is refused', async (password) => {
    expect(await ask(basic(password))).toMatchObject({ status: 401, refusal: 'unauthenticated' });
    expect(JSON.stringify(cell.lines)).not.toContain(Buffer.from(`ada@example.com:${password}`).toString('base64'));
  });

  test('that is no Basic at all is refused', async () => {
    expect((await ask('Basic !!!')).status).toBe(401);
    expect((await ask(`Basic ${Buffer.from(`${'a'.repeat(2000)}:b`).toString('base64')}`)).status).toBe(401);
  });
});

describe('a rate', () => {
  const slow = { perSecond: 1, burst: 2 };
  const fast = { perSecond: 1000, burst: 1000 };

  test('of a user refuses that user alone, and says how long to wait', async () => {
    cell.limits.set(acme, { suspended: false, tenantRequests: fast, userRequests: slow });
    const token = await cell.bearer();
    expect((await ask(token)).status).toBe(204);
    expect((await ask(token)).status).toBe(204);
    const third = await ask(token);
    expect(third).toMatchObject({ status: 403, refusal: 'rate_limited', headers: { 'driftbox-retry-after': '1' } });
    expect((await ask(await cell.bearer())).status).toBe(204);
  });

  test('of a tenant counts all of its users, and no other tenant', async () => {
    cell.limits.set(acme, { suspended: false, tenantRequests: slow, userRequests: fast });
    cell.limits.set(other, { suspended: false, tenantRequests: slow, userRequests: fast });
    for (let count = 0; count < 2; count += 1) expect((await ask(await cell.bearer())).status).toBe(204);
    expect((await ask(await cell.bearer())).refusal).toBe('rate_limited');
    expect((await ask(await cell.bearer({ tid: other }), 'other.test')).status).toBe(204);
  });

  test('that nobody can tell does not refuse, and is counted', async () => {
    cell.away.metadata = true;
    expect((await ask(await cell.bearer())).status).toBe(204);
    expect(await cell.registry.metrics()).toMatch(/driftbox_gateway_limits_unknown_total 1/);
  });

  test('goes on holding while metadata is away', async () => {
    cell.limits.set(acme, { suspended: false, tenantRequests: fast, userRequests: slow });
    const token = await cell.bearer();
    await ask(token);
    cell.away.metadata = true;
    await ask(token);
    expect((await ask(token)).refusal).toBe('rate_limited');
  });
});

test('a suspended tenant lets nobody in', async () => {
  const rate = { perSecond: 1000, burst: 1000 };
  cell.limits.set(acme, { suspended: true, tenantRequests: rate, userRequests: rate });
  expect(await ask(await cell.bearer())).toMatchObject({ status: 403, refusal: 'tenant_suspended' });
});

test('a tenant that auth says is suspended lets nobody in, whatever metadata was last heard to say', async () => {
  const token = await cell.bearer();
  expect((await ask(token)).status).toBe(204);
  cell.suspended.add(acme);
  await waitFor(async () => (await ask(token)).refusal === 'tenant_suspended');
  expect((await ask(await cell.bearer({ tid: other }), 'other.test')).status).toBe(204);
});

test('its log never holds a token', async () => {
  const token = await cell.bearer();
  await ask(token);
  cell.away.auth = true;
  await ask(token, 'unheard.test');
  expect(cell.lines.length).toBeGreaterThan(0);
  expect(JSON.stringify(cell.lines)).not.toContain(token.slice(7, 60));
});

describe('rates counted with others', () => {
  const rate = { perSecond: 1, burst: 1 };
  let answer: number | undefined;
  beforeEach(async () => {
    await cell.verify.stop();
    cell = openCell({ sharedRates: { take: async () => answer } });
    cell.limits.set(acme, { suspended: false, tenantRequests: rate, userRequests: rate });
  });

  test('hold whatever this process counted', async () => {
    const token = await cell.bearer();
    answer = 0;
    for (let count = 0; count < 3; count += 1) expect((await ask(token)).status).toBe(204);
    answer = 1_500;
    expect(await ask(token)).toMatchObject({ refusal: 'rate_limited', headers: { 'driftbox-retry-after': '2' } });
  });

  test('are counted here while the others cannot be asked, and that is told', async () => {
    const token = await cell.bearer();
    answer = undefined;
    expect((await ask(token)).status).toBe(204);
    expect((await ask(token)).refusal).toBe('rate_limited');
    expect(await cell.registry.metrics()).toMatch(/driftbox_gateway_counted_alone_total 2/);
  });
});

test('a clock that was set a day ahead, and back, lets everybody go on at their rates', async () => {
  using clock = falseClock();
  await cell.verify.stop();
  cell = openCell();
  const authorization = await cell.bearer({ sub: newUser() }, 2 * 86_400_000);
  clock.set(86_400_000);
  for (let count = 0; count < 20; count += 1) expect((await ask(authorization)).status).toBe(204);
  clock.set(0);
  expect((await ask(authorization)).status).toBe(204);
});
