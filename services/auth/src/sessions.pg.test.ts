import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, password, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const refresh = (tenant: Parameters<World['join']>[0], refreshToken: string) =>
  world.call('refreshToken', { tenant, body: { refreshToken } });

describe('refresh tokens', () => {
  test('one that was replaced and used again later ends the whole session', async () => {
    const { tenant } = await world.addTenant();
    const { refreshToken: first } = await world.join(tenant);
    const second = (await refresh(tenant, first)).json;
    const third = (await refresh(tenant, second.refreshToken)).json;
    world.clock.advance(11_000);
    expect(await refresh(tenant, first)).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
    expect((await refresh(tenant, third.refreshToken)).status).toBe(401);
    expect((await world.call('getMe', { tenant, token: third.accessToken })).status).toBe(401);
    const audit = await world.db.adminQuery<{ outcome: string }>(
      'SELECT outcome FROM auth.login_audit WHERE tenant = $1 ORDER BY audit_id',
      [tenant],
    );
    expect(audit.map((line) => line.outcome)).toContain('token-reused');
  });

  test("one whose successor has been used is a thief's, even at once", async () => {
    const { tenant } = await world.addTenant();
    const { refreshToken: first } = await world.join(tenant);
    const second = (await refresh(tenant, first)).json;
    const third = (await refresh(tenant, second.refreshToken)).json;
    expect((await refresh(tenant, first)).status).toBe(401);
    expect((await refresh(tenant, third.refreshToken)).status).toBe(401);
  });

  test('a lost answer is asked for again, a night later too; of the pairs handed out one goes on', async () => {
    const { tenant } = await world.addTenant();
    const { refreshToken: first } = await world.join(tenant);
    const lost = (await refresh(tenant, first)).json;
    world.clock.advance(10 * 3_600_000);
    const again = (await refresh(tenant, first)).json;
    expect(again.refreshToken).not.toBe(lost.refreshToken);
    const next = await refresh(tenant, again.refreshToken);
    expect(next.status).toBe(200);
    expect((await refresh(tenant, lost.refreshToken)).status).toBe(401);
    expect((await refresh(tenant, next.json.refreshToken)).status).toBe(401);
  });

  test('exchanged many times at once, a token leaves a working session', async () => {
    const { tenant } = await world.addTenant();
    const { refreshToken } = await world.join(tenant);
    const answers = await Promise.all(Array.from({ length: 6 }, () => refresh(tenant, refreshToken)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(new Set(answers.map((answer) => answer.json.refreshToken)).size).toBe(6);
    expect((await refresh(tenant, answers[3]!.json.refreshToken)).status).toBe(200);
  });

  test('ends after thirty days without use, and goes on with it', async () => {
    const { tenant } = await world.addTenant();
    const unused = await world.join(tenant);
    let used = (await world.join(tenant)).refreshToken;
    for (let week = 0; week < 5; week += 1) {
      world.clock.advance(7 * 86_400_000);
      used = (await refresh(tenant, used)).json.refreshToken;
    }
    expect(used).toEqual(expect.any(String));
    expect((await refresh(tenant, unused.refreshToken)).status).toBe(401);
  });

  test('is of no use to a suspended user or at a suspended tenant', async () => {
    const { tenant } = await world.addTenant();
    const { refreshToken, account } = await world.join(tenant);
    await world.db.adminQuery('UPDATE auth.users SET status = $1 WHERE user_id = $2', ['suspended', account.userId]);
    expect((await refresh(tenant, refreshToken)).status).toBe(401);
    await world.db.adminQuery('UPDATE auth.users SET status = $1 WHERE user_id = $2', ['active', account.userId]);
    expect((await refresh(tenant, refreshToken)).status).toBe(200);
  });

  test('is stored only as a hash', async () => {
    const { tenant } = await world.addTenant();
    const { refreshToken } = await world.join(tenant);
    const rows = await world.db.adminQuery('SELECT t::text AS text FROM auth.refresh_tokens t WHERE tenant = $1', [tenant]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(refreshToken).toString('hex'));
  });

  test.each(['x'.repeat(43), 'short'])('an invented one (%s) is refused', async (refreshToken) => {
    const { tenant } = await world.addTenant();
    expect([400, 401]).toContain((await refresh(tenant, refreshToken)).status);
  });
});

describe('sessions and devices', () => {
  test('are listed in pages, the current one marked', async () => {
    const { tenant } = await world.addTenant();
    const first = await world.join(tenant, 'many@example.com');
    for (const name of ['phone', 'desk']) {
      world.clock.advance(5);
      await world.call('logIn', { tenant, body: { email: 'many@example.com', password, device: { name, kind: 'web' } } });
    }
    const token = first.accessToken;
    const page = (await world.call('listSessions', { tenant, token, query: '?limit=2' })).json;
    const rest = (await world.call('listSessions', { tenant, token, query: `?limit=2&cursor=${page.nextCursor}` })).json;
    const names = [...page.items, ...rest.items].map((item: { deviceName: string; current: boolean }) => [item.deviceName, item.current]);
    expect(names).toEqual([
      ['laptop', true],
      ['phone', false],
      ['desk', false],
    ]);
    expect(rest).not.toHaveProperty('nextCursor');
    const devices = (await world.call('listDevices', { tenant, token })).json.items;
    expect(devices.map((item: { name: string; current: boolean }) => [item.name, item.current])).toEqual(names);
    expect((await world.call('listSessions', { tenant, token, query: '?cursor=nonsense' })).status).toBe(400);
  });

  test("ending one ends its tokens, and nobody else's may be ended", async () => {
    const { tenant } = await world.addTenant();
    const mine = await world.join(tenant);
    const theirs = await world.join(tenant);
    const { json } = await world.call('listSessions', { tenant, token: theirs.accessToken });
    const session = json.items[0].sessionId as string;
    expect((await world.call('endSession', { tenant, token: mine.accessToken, params: { session } })).status).toBe(404);
    expect((await world.call('endSession', { tenant, token: theirs.accessToken, params: { session } })).status).toBe(204);
    expect((await world.call('getMe', { tenant, token: theirs.accessToken })).status).toBe(401);
    expect((await refresh(tenant, theirs.refreshToken)).status).toBe(401);
  });

  test('removing a device ends its sessions', async () => {
    const { tenant } = await world.addTenant();
    const here = await world.join(tenant, 'dev@example.com');
    const there = (
      await world.call('logIn', { tenant, body: { email: 'dev@example.com', password, device: { name: 'old', kind: 'cli' } } })
    ).json;
    const remove = (token: string, device: string) => world.call('removeDevice', { tenant, token, params: { device } });
    const stranger = await world.join(tenant);
    expect((await remove(stranger.accessToken, there.deviceId)).status).toBe(404);
    expect((await remove(here.accessToken, there.deviceId)).status).toBe(204);
    expect((await remove(here.accessToken, there.deviceId)).status).toBe(404);
    expect((await world.call('getMe', { tenant, token: there.accessToken })).status).toBe(401);
    expect((await refresh(tenant, there.refreshToken)).status).toBe(401);
    expect((await world.call('getMe', { tenant, token: here.accessToken })).status).toBe(200);
  });
});

describe('me', () => {
  test('a display name can be changed, and others hear of it', async () => {
    const { tenant } = await world.addTenant();
    const { accessToken, account } = await world.join(tenant);
    const { json } = await world.call('updateMe', { tenant, token: accessToken, body: { displayName: 'Ada L.' } });
    expect(json).toEqual({ ...account, displayName: 'Ada L.' });
    const events = await world.db.adminQuery<{ type: string; data: unknown }>(
      'SELECT type, data FROM auth.outbox WHERE tenant = $1 ORDER BY id',
      [tenant],
    );
    expect(events.map((event) => event.type)).toEqual(['user.created', 'session.started', 'user.updated']);
    expect(events.at(-1)?.data).toMatchObject({ userId: account.userId, displayName: 'Ada L.' });
  });
});
