import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { secretIn } from './testing/secret-in.ts';
import { createWorld, password, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ publicUrl: () => 'https://files.example.com' });
});
afterAll(() => world.close());

const device = { name: 'laptop', kind: 'cli' };
type Tenant = Parameters<World['join']>[0];
const logIn = (tenant: Tenant, email: string, given: string) => world.call('logIn', { tenant, body: { email, password: given, device } });

async function mailTo(email: string, subject: RegExp) {
  await world.auth.flushMails();
  return world.mails.findLast((mail) => mail.to === email && subject.test(mail.subject));
}

describe('changing the password', () => {
  test('ends all other sessions and keeps this one', async () => {
    const { tenant } = await world.addTenant();
    const here = await world.join(tenant, 'change@example.com');
    const there = (await logIn(tenant, 'change@example.com', password)).json;
    const body = { currentPassword: password, newPassword: 'another good one' };
    expect((await world.call('changePassword', { tenant, token: here.accessToken, body })).status).toBe(204);
    expect((await world.call('getMe', { tenant, token: here.accessToken })).status).toBe(200);
    expect((await world.call('getMe', { tenant, token: there.accessToken })).status).toBe(401);
    expect((await logIn(tenant, 'change@example.com', password)).status).toBe(401);
    expect((await logIn(tenant, 'change@example.com', 'another good one')).status).toBe(200);
  });

  test('needs the current one, and is no way to guess it', async () => {
    const { tenant } = await world.addTenant();
    const { accessToken } = await world.join(tenant);
    const statuses = [];
    for (let n = 0; n < 12; n += 1) {
      const body = { currentPassword: `guess ${n}`, newPassword: 'another good one' };
      statuses.push((await world.call('changePassword', { tenant, token: accessToken, body })).status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 403));
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  test('a new one that is too short is refused', async () => {
    const { tenant } = await world.addTenant();
    const { accessToken } = await world.join(tenant);
    expect(
      (await world.call('changePassword', { tenant, token: accessToken, body: { currentPassword: password, newPassword: 'short' } }))
        .status,
    ).toBe(400);
  });
});

describe('a forgotten password', () => {
  test('is set anew by the mailed secret, once, and everybody is signed out', async () => {
    const { tenant } = await world.addTenant();
    const before = await world.join(tenant, 'forgot@example.com');
    expect((await world.call('forgetPassword', { tenant, body: { email: 'forgot@example.com' } })).status).toBe(202);
    const mail = await mailTo('forgot@example.com', /new password/);
    expect(mail?.text).toMatch(/driftbox password reset \S+ --server https:\/\/files\.example\.com\n/);
    const body = { token: secretIn(mail), newPassword: 'a brand new one' };
    expect((await world.call('resetPassword', { tenant, body })).status).toBe(204);
    expect(await world.call('resetPassword', { tenant, body })).toMatchObject({ status: 403, json: { code: 'permission_denied' } });
    expect((await world.call('getMe', { tenant, token: before.accessToken })).status).toBe(401);
    expect((await logIn(tenant, 'forgot@example.com', password)).status).toBe(401);
    expect((await logIn(tenant, 'forgot@example.com', 'a brand new one')).json.account.emailVerified).toBe(true);
  });

  test('an unknown address is answered alike and gets no mail', async () => {
    const { tenant } = await world.addTenant();
    expect((await world.call('forgetPassword', { tenant, body: { email: 'unknown@example.com' } })).status).toBe(202);
    expect(await mailTo('unknown@example.com', /./)).toBeUndefined();
  });

  test('the secret ends after an hour, by a newer one, and at another tenant', async () => {
    const { tenant } = await world.addTenant();
    const elsewhere = await world.addTenant();
    await world.join(tenant, 'late@example.com');
    const ask = () => world.call('forgetPassword', { tenant, body: { email: 'late@example.com' } });
    const use = async (token: string, at = tenant) =>
      (await world.call('resetPassword', { tenant: at, body: { token, newPassword: 'a brand new one' } })).status;
    await ask();
    const first = secretIn(await mailTo('late@example.com', /new password/));
    await ask();
    const second = secretIn(await mailTo('late@example.com', /new password/));
    expect(await use(first)).toBe(403);
    expect(await use(second, elsewhere.tenant)).toBe(403);
    world.clock.advance(3_600_001);
    expect(await use(second)).toBe(403);
  });
});

describe('proof of an address', () => {
  test('by the mailed secret, once', async () => {
    const { tenant } = await world.addTenant();
    const { accessToken, account } = await world.join(tenant, 'proof@example.com');
    expect(account.emailVerified).toBe(false);
    const token = secretIn(await mailTo('proof@example.com', /Confirm/));
    expect((await world.call('verifyEmail', { tenant, body: { token } })).status).toBe(204);
    expect((await world.call('verifyEmail', { tenant, body: { token } })).status).toBe(403);
    expect((await world.call('getMe', { tenant, token: accessToken })).json.emailVerified).toBe(true);
  });

  test('no secret is stored, logged or published', async () => {
    const { tenant } = await world.addTenant();
    await world.join(tenant, 'quiet@example.com');
    const secret = secretIn(await mailTo('quiet@example.com', /Confirm/));
    const events = await world.db.adminQuery('SELECT data FROM auth.outbox WHERE tenant = $1', [tenant]);
    const stored = await world.db.adminQuery('SELECT s::text FROM auth.mailed_secrets s WHERE tenant = $1', [tenant]);
    for (const text of [JSON.stringify(events), JSON.stringify(stored), world.lines.join('')]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(password);
    }
  });
});

describe('throttling', () => {
  test('ten wrong passwords close one address to one identity, until the window ends', async () => {
    const { tenant } = await world.addTenant();
    await world.join(tenant, 'target@example.com');
    for (let n = 0; n < 10; n += 1) expect((await logIn(tenant, 'target@example.com', `guess ${n}`)).status).toBe(401);
    const refused = await logIn(tenant, 'target@example.com', password);
    expect(refused).toMatchObject({ status: 429, json: { code: 'rate_limited', retryable: true } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    world.clock.advance(15 * 60_000 + 1);
    expect((await logIn(tenant, 'target@example.com', password)).status).toBe(200);
  });

  test('a window that began while the clock was a day ahead ends a window after the clock was put right', async () => {
    const { tenant } = await world.addTenant();
    await world.join(tenant, 'future@example.com');
    world.clock.jump(86_400_000);
    for (let n = 0; n < 10; n += 1) expect((await logIn(tenant, 'future@example.com', `guess ${n}`)).status).toBe(401);
    world.clock.jump(-86_400_000);
    const refused = await logIn(tenant, 'future@example.com', password);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(15 * 60);
    world.clock.advance(15 * 60_000 + 1);
    expect((await logIn(tenant, 'future@example.com', password)).status).toBe(200);
  });

  test('guesses made at once are all counted', async () => {
    const { tenant } = await world.addTenant();
    await world.join(tenant, 'burst@example.com');
    const answers = await Promise.all(Array.from({ length: 30 }, (_each, n) => logIn(tenant, 'burst@example.com', `guess ${n}`)));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10);
  });

  test('others behind the same address sign in all the same', async () => {
    const { tenant } = await world.addTenant();
    await world.join(tenant, 'neighbour@example.com');
    for (let n = 0; n < 110; n += 1) await logIn(tenant, `someone-${n % 40}@example.com`, 'guess');
    expect((await logIn(tenant, 'neighbour@example.com', password)).status).toBe(200);
  });

  test('strangers everywhere cannot lock somebody out of their own device', async () => {
    const { tenant } = await world.addTenant();
    const { deviceId } = await world.join(tenant, 'victim@example.com');
    const guess = (n: number, deviceGuess = device) =>
      world.call('logIn', {
        tenant,
        address: `198.51.100.${n % 50}`,
        body: { email: 'victim@example.com', password: 'guess', device: deviceGuess },
      });
    for (let n = 0; n < 120; n += 1) await guess(n);
    expect((await guess(200)).status).toBe(429);
    const own = { email: 'victim@example.com', password, device: { ...device, deviceId } };
    expect((await world.call('logIn', { tenant, body: own })).status).toBe(200);
  });

  test('an unknown address is throttled like a known one', async () => {
    const { tenant } = await world.addTenant();
    const statuses = [];
    for (let n = 0; n < 11; n += 1) statuses.push((await logIn(tenant, 'nobody@example.com', 'guess')).status);
    expect(statuses.at(9)).toBe(401);
    expect(statuses.at(10)).toBe(429);
  });
});
