import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { signAccessToken, verifyAccessToken } from '@driftbox/service-kit';
import { createWorld, password, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const device = { name: 'laptop', kind: 'cli' };

describe('sign-up and sign-in', () => {
  test('a person signs up, signs in, is who they are, refreshes and signs out', async () => {
    const { tenant } = await world.addTenant();
    const joined = await world.join(tenant, 'Ada@Example.com ');
    expect(joined.account).toMatchObject({ email: 'ada@example.com', emailVerified: false, role: 'member', tenantId: tenant });
    const { json: signedIn, status } = await world.call('logIn', { tenant, body: { email: 'ada@example.com', password, device } });
    expect(status).toBe(200);
    expect((await world.call('getMe', { tenant, token: signedIn.accessToken })).json).toEqual(joined.account);
    const { json: again } = await world.call('refreshToken', { tenant, body: { refreshToken: signedIn.refreshToken } });
    expect(again.refreshToken).not.toBe(signedIn.refreshToken);
    expect((await world.call('logOut', { tenant, token: again.accessToken })).status).toBe(204);
    expect((await world.call('getMe', { tenant, token: again.accessToken })).status).toBe(401);
    expect((await world.call('refreshToken', { tenant, body: { refreshToken: again.refreshToken } })).status).toBe(401);
    expect((await world.call('getMe', { tenant, token: joined.accessToken })).status).toBe(200);
  });

  test('the published keys verify the access token', async () => {
    const { tenant } = await world.addTenant();
    const { accessToken, account } = await world.join(tenant);
    const { json } = await world.call('getKeys');
    expect(json.keys).toMatchObject([{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' }]);
    expect(json.keys[0]).not.toHaveProperty('d');
    const { claims } = await verifyAccessToken(world.auth.keys, accessToken, world.clock.now());
    expect(claims).toMatchObject({ sub: account.userId, tid: tenant, role: 'member', scope: 'write' });
  });

  test('an address has one user, however often it is asked for at once', async () => {
    const { tenant } = await world.addTenant();
    const body = { email: 'one@example.com', password, displayName: 'One', device };
    const answers = await Promise.all([1, 2, 3, 4].map(() => world.call('signUp', { tenant, body })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409]);
    expect(answers.filter((answer) => answer.status === 409).every((answer) => answer.json.code === 'already_exists')).toBe(true);
    const rows = await world.db.adminQuery('SELECT 1 FROM auth.users WHERE email = $1 AND tenant = $2', ['one@example.com', tenant]);
    expect(rows).toHaveLength(1);
  });

  test('wrong password, unknown address and suspended user answer alike', async () => {
    const { tenant } = await world.addTenant();
    await world.join(tenant, 'right@example.com');
    await world.join(tenant, 'suspended@example.com');
    await world.db.adminQuery('UPDATE auth.users SET status = $1 WHERE email = $2 AND tenant = $3', [
      'suspended',
      'suspended@example.com',
      tenant,
    ]);
    const tries = [
      ['right@example.com', 'wrong password'],
      ['unknown@example.com', password],
      ['suspended@example.com', password],
    ];
    const answers = await Promise.all(
      tries.map(([email, given]) => world.call('logIn', { tenant, body: { email, password: given, device } })),
    );
    const told = answers.map(({ status, json }) => [status, json.code, json.detail]);
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(told[0]).toEqual([401, 'unauthenticated', 'The e-mail address or the password is wrong']);
  });

  test('the same address in another tenant is somebody else', async () => {
    const one = await world.addTenant();
    const two = await world.addTenant();
    const here = await world.join(one.tenant, 'both@example.com');
    const there = await world.join(two.tenant, 'both@example.com');
    expect(here.account.userId).not.toBe(there.account.userId);
    expect((await world.call('getMe', { tenant: two.tenant, token: here.accessToken })).status).toBe(401);
    expect((await world.call('refreshToken', { tenant: two.tenant, body: { refreshToken: here.refreshToken } })).status).toBe(401);
    expect((await world.call('refreshToken', { tenant: one.tenant, body: { refreshToken: here.refreshToken } })).status).toBe(200);
  });

  test('an expired and a forged token are refused', async () => {
    const { tenant } = await world.addTenant();
    const { accessToken, account, deviceId } = await world.join(tenant);
    const { privateKey } = generateKeyPairSync('ed25519');
    const { json } = await world.call('getKeys');
    const sid = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString()).sid;
    const claims = { sub: account.userId, tid: tenant, did: deviceId, sid, role: 'owner', scope: 'write' } as const;
    const forged = await signAccessToken(privateKey, json.keys[0].kid, claims, world.clock.now(), world.clock.now() + 60_000);
    expect((await world.call('getMe', { tenant, token: forged })).status).toBe(401);
    expect((await world.call('getMe', { tenant, token: accessToken })).status).toBe(200);
    world.clock.advance(15 * 60_000 + 1_000);
    expect((await world.call('getMe', { tenant, token: accessToken })).status).toBe(401);
  });

  test("a device stays the same where it is the user's, and is never taken over from another", async () => {
    const { tenant } = await world.addTenant();
    const mine = await world.join(tenant, 'mine@example.com');
    await world.join(tenant, 'theirs@example.com');
    const again = await world.call('logIn', {
      tenant,
      body: { email: 'mine@example.com', password, device: { ...device, deviceId: mine.deviceId } },
    });
    expect(again.json.deviceId).toBe(mine.deviceId);
    const stolen = await world.call('logIn', {
      tenant,
      body: { email: 'theirs@example.com', password, device: { ...device, deviceId: mine.deviceId } },
    });
    expect(stolen.json.deviceId).not.toBe(mine.deviceId);
  });

  test('a host of no tenant is not found', async () => {
    expect((await world.call('logIn', { body: { email: 'a@example.com', password, device } })).status).toBe(404);
    expect((await world.call('getCapabilities')).status).toBe(404);
  });
});
