import { randomUUID } from 'node:crypto';
import type { TenantId } from '@driftbox/domain';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, type World } from '../testing/world.ts';
import { isOfDomains, personOf } from './ask-issuer.ts';
import { originsLike } from '../origin-of.ts';

let world: World;
beforeAll(async () => void (world = await createWorld()));
afterAll(() => world.close());

const google = { issuer: 'https://accounts.google.com', clientId: 'x.apps.googleusercontent.com' };

const startQuery = (redirectUri: string): string =>
  `?${new URLSearchParams({ redirectUri, codeChallenge: 'x'.repeat(43), state: randomUUID() }).toString()}`;

async function ownedTenant(more: Record<string, unknown> = {}): Promise<{ tenant: TenantId; token: string }> {
  const { tenant, invitation } = await world.addTenant('open', more);
  return { tenant, token: (await world.join(tenant, undefined, { invitation })).accessToken };
}

describe("a tenant's issuers", () => {
  test('are set, shown without their secret, and removed by its administrators alone', async () => {
    const { tenant, token } = await ownedTenant();
    const params = { issuer: 'google' };
    const member = (await world.join(tenant)).accessToken;
    const put = (as: string, body: unknown) => world.call('putIssuer', { tenant, token: as, params, body });
    expect((await put(member, google)).json.code).toBe('permission_denied');
    const made = await put(token, { ...google, clientSecret: 'hush-hush', domains: ['Acme.example'] });
    expect(made.json).toMatchObject({ name: 'google', hasSecret: true, managed: false, domains: ['acme.example'] });
    expect(JSON.stringify(made.json)).not.toContain('hush-hush');
    const kept = await world.db.database.transaction(tenant, (tx) => tx.query('SELECT * FROM issuers'));
    expect(JSON.stringify(kept.rows) + world.lines.join('')).not.toContain('hush-hush');
    expect((await put(token, { ...google, displayName: 'Google' })).json.hasSecret).toBe(true);
    expect((await put(token, { ...google, issuer: 'https://evil.example' })).json.hasSecret).toBe(false);
    expect((await world.call('listIssuers', { tenant, token: member })).json.code).toBe('permission_denied');
    expect((await world.call('listIssuers', { tenant, token })).json.items).toHaveLength(1);
    expect((await world.call('removeIssuer', { tenant, token: member, params })).json.code).toBe('permission_denied');
    expect((await world.call('removeIssuer', { tenant, token, params })).status).toBe(204);
    expect((await world.call('removeIssuer', { tenant, token, params })).json.code).toBe('not_found');
  });

  test('are few, and named and addressed plainly', async () => {
    const { tenant, token } = await ownedTenant();
    const put = (issuer: string, body: unknown) => world.call('putIssuer', { tenant, token, params: { issuer }, body });
    for (const issuer of [
      'http://login.example.com',
      'https://u:p@login.example.com',
      'https://login.example.com?a=b',
      'ftp://x.example',
      'x',
    ])
      expect((await put('corp', { ...google, issuer })).json.code).toBe('invalid_argument');
    for (const name of ['Corp', 'a b', '-a', 'a'.repeat(64)]) expect((await put(name, google)).json.code).toBe('invalid_argument');
    for (let n = 0; n < 16; n += 1) expect((await put(`corp-${n}`, google)).status).toBe(200);
    expect((await put('corp-16', google)).json.code).toBe('quota_exceeded');
    expect((await put('corp-0', google)).status).toBe(200);
  });

  test("of the platform's administrator come and go with the tenant's intent, and are changed there alone", async () => {
    const { tenant, token } = await ownedTenant({ issuers: [{ name: 'google', ...google, clientSecret: 'hush-hush' }] });
    const params = { issuer: 'google' };
    expect((await world.call('putIssuer', { tenant, token, params, body: google })).json.code).toBe('already_exists');
    expect((await world.call('removeIssuer', { tenant, token, params })).json.code).toBe('not_found');
    await world.call('putIssuer', { tenant, token, params: { issuer: 'own' }, body: google });
    const names = async () => (await world.call('listIssuers', { tenant, token })).json.items.map(({ name }: { name: string }) => name);
    expect(await names()).toEqual(['google', 'own']);
    const { signServiceToken } = await import('@driftbox/service-kit');
    const admin = await signServiceToken('a service key of at least thirty-two bytes', { caller: 'admin', tid: tenant });
    const shown = await world.call('getTenantInAuth', { token: admin, params: { tenant } });
    expect(shown.json.intent.issuers).toEqual([{ name: 'google', ...google }]);
    const { hosts } = shown.json.intent;
    const intent = { tenantId: tenant, name: 'Acme', hosts, signUp: 'open' };
    expect((await world.call('putTenantInAuth', { token: admin, params: { tenant }, body: intent })).status).toBe(200);
    expect(await names()).toEqual(['own']);
  });
});

test('an issuer inside the cell is not asked: nobody reaches our neighbours by naming them', async () => {
  const { tenant, token } = await ownedTenant();
  for (const [n, issuer] of ['https://127.0.0.1:1', 'https://[::1]:1', 'https://localhost:1', 'https://169.254.169.254'].entries()) {
    const params = { issuer: `inside-${n}` };
    expect((await world.call('putIssuer', { tenant, token, params, body: { ...google, issuer } })).status).toBe(200);
    const answer = await world.call('startSignIn', { tenant, params, query: startQuery('http://127.0.0.1:1/') });
    expect([answer.json.code, answer.json.detail]).toEqual(['unavailable', 'The issuer does not answer, or not as an OpenID provider']);
  }
  expect(
    world.lines.filter((line) => /an issuer does not answer/.test(line) && line.includes('is not in the public internet')),
  ).toHaveLength(4);
});

test('a sign-in goes back to this machine alone', async () => {
  const { tenant } = await ownedTenant({ issuers: [{ name: 'google', ...google }] });
  for (const redirectUri of [
    'https://evil.example/',
    'http://127.0.0.1.evil.example:1/',
    'http://127.0.0.1:1/?x=',
    'http://127.0.0.1/',
    'http://localhost:1/',
  ]) {
    expect((await world.call('startSignIn', { tenant, params: { issuer: 'google' }, query: startQuery(redirectUri) })).json.code).toBe(
      'invalid_argument',
    );
  }
});

test('claims are taken for what they are', () => {
  const claims = { iss: 'https://i.example', sub: 's' };
  expect(personOf({ ...claims, email: ['a@b.example'], email_verified: true, name: 7 })).toMatchObject({
    email: null,
    emailVerified: false,
    displayName: null,
  });
  expect(personOf({ ...claims, email: 'A@b.example', email_verified: true, name: 'n'.repeat(200) }).displayName).toHaveLength(100);
  expect(isOfDomains(['acme.example'], { hd: ['acme.example'] })).toBe(false);
  expect(isOfDomains(['acme.example'], { email: 'a@acme.example' })).toBe(false);
});

test('hosts are reached as the cell is', () => {
  expect(originsLike('https://files.example.com:8443/x')('acme.example.com:1')).toBe('https://acme.example.com:8443');
  expect(originsLike('http://localhost:80')('acme.example.com')).toBe('http://acme.example.com');
  expect(originsLike(undefined)('acme.example.com')).toBe('https://acme.example.com');
});
