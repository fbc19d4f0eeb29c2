import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { TenantId } from '@driftbox/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createWorld, password, type Answer, type World } from '../testing/world.ts';
import { startIssuer, type TestIssuer } from '../testing/start-issuer.ts';

let world: World;
let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
  world = await createWorld({ privateIssuerHosts: ['127.0.0.1'] });
});
afterAll(async () => {
  await world.close();
  issuer.close();
});
beforeEach(() => void (issuer.answers = {}));

const redirectUri = 'http://127.0.0.1:49152/callback';
const device = { name: 'laptop', kind: 'cli' };
const terms = () => ({ issuer: issuer.issuer, clientId: 'driftbox', clientSecret: 'a secret: of % odd letters' });

/** A tenant whose people sign in by the test's issuer. */
async function addTenant(signUp: 'open' | 'invite' | 'closed' = 'open', more: Record<string, unknown> = {}): Promise<TenantId> {
  const { tenant } = await world.addTenant(signUp, { issuers: [{ name: 'corp', displayName: 'Corp', ...terms(), ...more }] });
  return tenant;
}

type Begun = { readonly location: string; readonly cookie: string; readonly verifier: string };

async function begin(tenant: TenantId, name = 'corp'): Promise<Begun> {
  const verifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
  const query = `?${new URLSearchParams({ redirectUri, codeChallenge, state: 'the-clients-own' }).toString()}`;
  const answer = await world.call('startSignIn', { tenant, params: { issuer: name }, query });
  expect(answer.status).toBe(302);
  return { location: answer.headers['location']!, cookie: answer.headers['set-cookie']!.split(';')[0]!, verifier };
}

function finish(tenant: TenantId, cookie: string, back: string, name = 'corp'): Promise<Answer> {
  return world.call('finishSignIn', { tenant, params: { issuer: name }, query: new URL(back).search, cookie });
}

const told = (answer: Answer): Record<string, string> => Object.fromEntries(new URL(answer.headers['location'] ?? '').searchParams);

/** As far as the client's code. */
async function prove(tenant: TenantId): Promise<{ code: string; codeVerifier: string }> {
  const { location, cookie, verifier } = await begin(tenant);
  const outcome = told(await finish(tenant, cookie, await issuer.authorise(location)));
  expect(outcome).toEqual({ state: 'the-clients-own', code: expect.any(String) });
  return { code: outcome['code']!, codeVerifier: verifier };
}

async function signIn(tenant: TenantId, more: Record<string, unknown> = {}): Promise<Answer> {
  return world.call('exchangeSignIn', { tenant, body: { ...(await prove(tenant)), device, ...more } });
}

describe('a sign-in by an issuer', () => {
  test('makes a user of an open tenant, and is theirs the next time, whatever the address is then', async () => {
    const tenant = await addTenant();
    expect((await world.call('getCapabilities', { tenant })).json.signInWays).toEqual([{ name: 'corp', displayName: 'Corp' }]);
    const first = await signIn(tenant);
    expect([first.status, first.json.account]).toMatchObject([200, { email: 'ada@example.com', emailVerified: true, role: 'member' }]);
    issuer.answers = { claims: { email: 'ada.new@example.com', email_verified: false } };
    const again = await signIn(tenant);
    expect(again.json.account.userId).toBe(first.json.account.userId);
    const { accessToken } = again.json;
    const { items } = (await world.call('listIdentities', { tenant, token: accessToken })).json;
    expect(items).toEqual([
      expect.objectContaining({ issuer: issuer.issuer, email: 'ada.new@example.com', lastUsedAt: expect.any(String) }),
    ]);
    // The secret goes by Basic, whose parts are form-encoded (RFC 6749, section 2.3.1).
    const sent = issuer.tokenRequests.at(-1)!;
    const basic = Buffer.from(sent.authorization!.split(' ')[1]!, 'base64').toString().split(':')[1]!;
    expect(decodeURIComponent(basic.replaceAll('+', ' '))).toBe(terms().clientSecret);
    expect((await world.call('logOut', { tenant, token: accessToken })).status).toBe(204);
    expect((await world.call('getMe', { tenant, token: accessToken })).status).toBe(401);
    expect((await world.call('refreshToken', { tenant, body: { refreshToken: again.json.refreshToken } })).status).toBe(401);
  });

  test('takes the address from the userinfo endpoint where the id token has none', async () => {
    const tenant = await addTenant();
    issuer.answers = {
      claims: { email: undefined, email_verified: undefined },
      userinfo: { email: 'Ada@Example.com', email_verified: true },
    };
    expect((await signIn(tenant)).json.account.email).toBe('ada@example.com');
  });

  test('asks of the way to the issuer what it must hold: PKCE, state, nonce and our address', async () => {
    const tenant = await addTenant();
    const { location } = await begin(tenant);
    const asked = Object.fromEntries(new URL(location).searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: 'driftbox',
      code_challenge_method: 'S256',
      scope: 'openid email profile',
    });
    expect(asked['redirect_uri']).toMatch(/^https:\/\/t-[0-9a-f]{8}\.test\/v1\/oauth\/corp\/callback$/);
    expect([asked['nonce'], asked['state'], asked['code_challenge']].every((value) => value!.length >= 43)).toBe(true);
  });
});

describe('no code comes of', () => {
  test.each<[string, TestIssuer['answers']]>([
    ['another nonce', { claims: { nonce: 'another' } }],
    ['no nonce', { claims: { nonce: undefined } }],
    ['another audience', { claims: { aud: 'somebody-else' } }],
    ['two audiences without who it is for', { claims: { aud: ['driftbox', 'somebody-else'] } }],
    ['another issuer', { claims: { iss: 'https://elsewhere.example' } }],
    ['a token that has expired', { claims: { iat: 1_000_000_000, exp: 1_000_000_060 } }],
    ['a token that another key signed', { key: 'foreign' }],
    ['a token that nobody signed', { header: { alg: 'none' } }],
    ['a token by the public key as a secret', { header: { alg: 'HS256' } }],
    ['no subject', { claims: { sub: undefined } }],
    ['no id token', { withoutToken: true }],
  ])('%s', async (_what, answers) => {
    const tenant = await addTenant();
    issuer.answers = answers;
    const { location, cookie } = await begin(tenant);
    const outcome = told(await finish(tenant, cookie, await issuer.authorise(location)));
    expect(outcome).toEqual({
      state: 'the-clients-own',
      error: 'access_denied',
      error_description: 'The issuer did not confirm who you are',
    });
  });

  test('an answer that comes a second time, even where the issuer would take its code again', async () => {
    const tenant = await addTenant();
    issuer.answers = { repeats: true };
    const { location, cookie } = await begin(tenant);
    const back = await issuer.authorise(location);
    expect(told(await finish(tenant, cookie, back))['code']).toBeDefined();
    expect(told(await finish(tenant, cookie, back))['error']).toBe('access_denied');
  });

  test("another browser's, tenant's, issuer's or sign-in's state, or one that took too long", async () => {
    const tenant = await addTenant();
    const { location, cookie } = await begin(tenant);
    const back = await issuer.authorise(location);
    const other = await begin(tenant);
    const strange = await addTenant();
    const refused = [
      await finish(tenant, '', back),
      await finish(tenant, other.cookie, back),
      await finish(tenant, `${cookie.split('=')[0]}=${other.cookie.split('=')[1]}`, back),
      await finish(tenant, `${cookie}x`.replace('=', '=A'), back),
      await finish(strange, cookie, back),
      await finish(tenant, cookie, back, 'other'),
    ];
    world.clock.advance(10 * 60_000 + 1);
    refused.push(await finish(tenant, cookie, back));
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 403));
  });

  test('a refusal at the issuer, or a domain that is not let in', async () => {
    const tenant = await addTenant('open', { domains: ['acme.example'] });
    const { location, cookie } = await begin(tenant);
    const back = new URL(await issuer.authorise(location));
    expect(told(await finish(tenant, cookie, back.href))).toMatchObject({
      error_description: 'Only people of certain domains sign in here',
    });
    const again = await begin(tenant);
    const given = new URL(await issuer.authorise(again.location));
    given.searchParams.set('error', 'access_denied');
    expect(told(await finish(tenant, again.cookie, given.href))).toMatchObject({ error: 'access_denied' });
    issuer.answers = { claims: { hd: 'ACME.example' } };
    expect((await signIn(tenant)).status).toBe(200);
  });
});

describe('a code', () => {
  test('works once, for the client that made its verifier, for ten minutes', async () => {
    const tenant = await addTenant();
    const proof = await prove(tenant);
    const exchange = (body: Record<string, unknown>) => world.call('exchangeSignIn', { tenant, body: { ...proof, device, ...body } });
    expect((await exchange({ codeVerifier: randomBytes(32).toString('base64url') })).json.code).toBe('permission_denied');
    expect((await exchange({})).status).toBe(200);
    expect((await exchange({})).json.code).toBe('permission_denied');
    const late = await prove(tenant);
    world.clock.advance(10 * 60_000 + 1);
    expect((await exchange(late)).json.code).toBe('permission_denied');
  });

  test('is of no use at another tenant', async () => {
    const proof = await prove(await addTenant());
    const answer = await world.call('exchangeSignIn', { tenant: await addTenant(), body: { ...proof, device } });
    expect(answer.json.code).toBe('permission_denied');
  });
});

describe('an account that has the address', () => {
  test('is linked only after its password, which is counted like any sign-in with it', async () => {
    const tenant = await addTenant();
    const { account } = await world.join(tenant, 'ada@example.com');
    const proof = await prove(tenant);
    const exchange = (more: Record<string, unknown> = {}) => world.call('exchangeSignIn', { tenant, body: { ...proof, device, ...more } });
    expect((await exchange()).json.code).toBe('proof_required');
    expect((await exchange({ password: 'wrong' })).json.code).toBe('unauthenticated');
    const linked = await exchange({ password });
    expect([linked.status, linked.json.account?.userId]).toEqual([200, account.userId]);
    expect((await signIn(tenant)).json.account.userId).toBe(account.userId);
    await world.join(tenant, 'grace@example.com');
    issuer.answers = { claims: { sub: 'grace', email: 'grace@example.com' } };
    const graces = await prove(tenant);
    const guesses = await Promise.all(
      Array.from({ length: 12 }, () => world.call('exchangeSignIn', { tenant, body: { ...graces, device, password: 'guess' } })),
    );
    expect(guesses.filter(({ json }) => json.code === 'rate_limited')).toHaveLength(2);
  });

  test('is linked by who is signed in to it, whatever the address; once, and not to two', async () => {
    const tenant = await addTenant();
    const mine = await world.join(tenant, 'me@example.com');
    const link = async (token: string) => world.call('linkIdentity', { tenant, token, body: await prove(tenant) });
    expect((await link(mine.accessToken)).status).toBe(201);
    expect((await signIn(tenant)).json.account.userId).toBe(mine.account.userId);
    const theirs = await world.join(tenant);
    expect((await link(theirs.accessToken)).json.code).toBe('already_exists');
    const { items } = (await world.call('listIdentities', { tenant, token: mine.accessToken })).json;
    const params = { identity: items[0].identityId };
    expect((await world.call('removeIdentity', { tenant, token: theirs.accessToken, params })).status).toBe(404);
    expect((await world.call('removeIdentity', { tenant, token: mine.accessToken, params })).status).toBe(204);
    expect((await signIn(tenant)).json.account.userId).not.toBe(mine.account.userId);
  });

  test('who has no password sets one by mail, and cannot guess one', async () => {
    const tenant = await addTenant();
    const { accessToken } = (await signIn(tenant)).json;
    const body = { currentPassword: 'anything', newPassword: password };
    expect((await world.call('changePassword', { tenant, token: accessToken, body })).json.code).toBe('permission_denied');
    const log = () => world.call('logIn', { tenant, body: { email: 'ada@example.com', password, device } });
    expect((await log()).status).toBe(401);
    await world.call('forgetPassword', { tenant, body: { email: 'ada@example.com' } });
    await world.auth.flushMails();
    const token = /[0-9a-f]{64}/.exec(world.mails.findLast(({ to }) => to === 'ada@example.com')!.text)![0];
    expect((await world.call('resetPassword', { tenant, body: { token, newPassword: password } })).status).toBe(204);
    expect((await log()).status).toBe(200);
  });
});

describe('who may join', () => {
  test('an address that the issuer has not verified makes nobody', async () => {
    const tenant = await addTenant();
    for (const claims of [
      { email_verified: false },
      { email_verified: 'true' },
      { email_verified: undefined },
      { email: 'ada' },
      { email: undefined },
    ]) {
      const sub = randomUUID();
      issuer.answers = { claims: { sub, ...claims }, userinfo: { sub } };
      expect((await signIn(tenant)).json.detail).toBe('The issuer has not verified your e-mail address');
    }
  });

  test('where an invitation is needed: one to the address, or the secret of the first owner', async () => {
    const { tenant, invitation } = await world.addTenant('invite', { issuers: [{ name: 'corp', ...terms() }] });
    expect((await signIn(tenant)).json.code).toBe('permission_denied');
    const owner = await signIn(tenant, { invitation });
    expect(owner.json.account).toMatchObject({ role: 'owner', emailVerified: true });
    const invite = { tenant, token: owner.json.accessToken, body: { email: 'grace@example.com', role: 'guest' } };
    expect((await world.call('inviteUser', invite)).status).toBe(201);
    issuer.answers = { claims: { sub: 'grace', email: 'Grace@example.com', name: ' Grace Hopper ' } };
    expect((await signIn(tenant)).json.account).toMatchObject({ role: 'guest', displayName: 'Grace Hopper', email: 'grace@example.com' });
  });

  test('not a user who is suspended, nor anybody of a suspended tenant', async () => {
    const tenant = await addTenant();
    const { userId } = (await signIn(tenant)).json.account;
    await world.db.database.transaction(tenant, (tx) => tx.query("UPDATE users SET status = 'suspended' WHERE user_id = $1", [userId]));
    expect((await signIn(tenant)).json.code).toBe('unauthenticated');
  });
});
