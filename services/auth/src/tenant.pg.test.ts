import { randomUUID } from 'node:crypto';
import { parseSessionId, parseUserId } from '@driftbox/domain';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signServiceToken } from '@driftbox/service-kit';
import { routes } from '@driftbox/protocol';
import { secretIn } from './testing/secret-in.ts';
import { createWorld, password, serviceKey, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const device = { name: 'laptop', kind: 'cli' };
type Tenant = Parameters<World['join']>[0];
const signUp = (tenant: Tenant, email: string, invitation?: string) =>
  world.call('signUp', {
    tenant,
    body: { email, password, displayName: 'Somebody', device, ...(invitation === undefined ? {} : { invitation }) },
  });

async function ownerOf(tenant: Tenant, invitation: string, email = 'owner@example.com') {
  const answer = await signUp(tenant, email, invitation);
  expect(answer).toMatchObject({ status: 201, json: { account: { role: 'owner' } } });
  return answer.json.accessToken as string;
}

async function invitationFor(email: string): Promise<string> {
  await world.auth.flushMails();
  return secretIn(world.mails.findLast((mail) => mail.to === email && mail.subject.includes('invited')));
}

async function put(tenant: Tenant, changes: Record<string, unknown>, token?: string) {
  const body = { tenantId: tenant, name: 'Acme', hosts: [`t-${tenant.slice(0, 8)}.test`], signUp: 'invite', ...changes };
  return world.call('putTenantInAuth', {
    token: token ?? (await signServiceToken(serviceKey, { caller: 'admin' })),
    params: { tenant },
    body,
  });
}

describe('registering a tenant', () => {
  test('answers an invitation until it has a user; the newest one holds, once', async () => {
    const { tenant, invitation: first } = await world.addTenant('closed');
    const { json } = await put(tenant, { signUp: 'closed', firstAdministrator: {} });
    expect(json.invitation).toEqual(expect.any(String));
    expect((await signUp(tenant, 'owner@example.com', first)).status).toBe(403);
    await ownerOf(tenant, json.invitation);
    expect((await signUp(tenant, 'second@example.com', json.invitation)).status).toBe(403);
    expect((await put(tenant, { firstAdministrator: {} })).json).toEqual({});
  });

  test('an addressed one is for that address', async () => {
    const { tenant, invitation } = await world.addTenant('invite', { firstAdministrator: { email: 'boss@example.com' } });
    expect((await signUp(tenant, 'other@example.com', invitation)).status).toBe(403);
    await ownerOf(tenant, invitation, 'boss@example.com');
  });

  test('is for the administrator, of the tenant that the path names', async () => {
    const { tenant } = await world.addTenant();
    const user = await world.join(tenant);
    expect((await put(tenant, {}, user.accessToken)).status).toBe(401);
    expect((await put(tenant, {}, await signServiceToken(serviceKey, { caller: 'upload', tid: tenant }))).status).toBe(403);
    const other = await world.addTenant();
    expect((await put(tenant, { tenantId: other.tenant })).status).toBe(400);
  });

  test('a host has one tenant, and leaves with it', async () => {
    const one = await world.addTenant();
    const two = await world.addTenant();
    const host = `t-${one.tenant.slice(0, 8)}.test`;
    expect(await put(two.tenant, { hosts: [host] })).toMatchObject({
      status: 409,
      json: { code: 'already_exists', details: { hosts: [host] } },
    });
    expect(await world.auth.tenantOfHost('shared.example.com')).toBeUndefined();
    await put(one.tenant, { hosts: ['first.example.com'] });
    expect(await world.auth.tenantOfHost('first.example.com')).toBe(one.tenant);
  });

  test('services of the cell learn whose a host is', async () => {
    const { tenant } = await world.addTenant();
    const ask = async (host: string) =>
      world.call('findTenantOfHost', {
        token: await signServiceToken(serviceKey, { caller: 'gateway' }),
        params: { host },
      });
    expect(await ask(`T-${tenant.slice(0, 8)}.test`)).toMatchObject({ status: 200, json: { tenantId: tenant } });
    expect(await ask('nobody.example.com')).toMatchObject({ status: 200, json: {} });
    expect((await world.call('findTenantOfHost', { params: { host: 'x' } })).status).toBe(401);
  });

  test('its capabilities say who may sign up', async () => {
    const { tenant } = await world.addTenant('invite');
    const { json } = await world.call('getCapabilities', { tenant });
    expect(json).toMatchObject({ signUp: 'invite', protocolVersions: [1], limits: { nameBytes: 255, commitOperations: 1000 } });
  });
});

describe('invitations', () => {
  test('bring somebody in with the role offered and a proven address, once', async () => {
    const { tenant, invitation } = await world.addTenant('invite');
    const owner = await ownerOf(tenant, invitation);
    expect((await signUp(tenant, 'guest@example.com')).status).toBe(403);
    const { json, status } = await world.call('inviteUser', {
      tenant,
      token: owner,
      body: { email: 'guest@example.com', role: 'admin' },
    });
    expect([status, json.email, json.role]).toEqual([201, 'guest@example.com', 'admin']);
    const secret = await invitationFor('guest@example.com');
    expect(JSON.stringify(json)).not.toContain(secret);
    expect((await signUp(tenant, 'wrong@example.com', secret)).status).toBe(403);
    const joined = await signUp(tenant, 'guest@example.com', secret);
    expect(joined).toMatchObject({ status: 201, json: { account: { role: 'admin', emailVerified: true } } });
    expect((await signUp(tenant, 'guest@example.com', secret)).status).toBe(403);
    expect((await world.call('inviteUser', { tenant, token: owner, body: { email: 'guest@example.com' } })).status).toBe(409);
  });

  test('a failed sign-up leaves the invitation as it was', async () => {
    const { tenant, invitation } = await world.addTenant('open');
    await world.join(tenant, 'taken@example.com');
    expect((await signUp(tenant, 'taken@example.com', invitation)).status).toBe(409);
    await ownerOf(tenant, invitation);
  });

  test('are renewed by inviting again, listed, and withdrawn', async () => {
    const { tenant, invitation } = await world.addTenant('invite');
    const token = await ownerOf(tenant, invitation);
    const invite = (email: string) => world.call('inviteUser', { tenant, token, body: { email } });
    const first = (await invite('again@example.com')).json;
    const early = await invitationFor('again@example.com');
    expect((await invite('again@example.com')).json.invitationId).toBe(first.invitationId);
    expect((await signUp(tenant, 'again@example.com', early)).status).toBe(403);
    const list = (await world.call('listUserInvitations', { tenant, token })).json.items;
    expect(list).toMatchObject([{ email: 'again@example.com', role: 'member' }]);
    const withdraw = () => world.call('revokeUserInvitation', { tenant, token, params: { invitation: first.invitationId } });
    expect([(await withdraw()).status, (await withdraw()).status]).toEqual([204, 404]);
    expect((await signUp(tenant, 'again@example.com', await invitationFor('again@example.com'))).status).toBe(403);
  });

  test('end after a week', async () => {
    const { tenant, invitation } = await world.addTenant('invite');
    world.clock.advance(7 * 86_400_000 + 1);
    expect((await signUp(tenant, 'owner@example.com', invitation)).status).toBe(403);
  });

  test('are for administrators, and raise nobody above the one who invites', async () => {
    const { tenant, invitation } = await world.addTenant('open');
    const owner = await ownerOf(tenant, invitation);
    const member = await world.join(tenant);
    await world.call('inviteUser', { tenant, token: owner, body: { email: 'admin@example.com', role: 'admin' } });
    const admin = (await signUp(tenant, 'admin@example.com', await invitationFor('admin@example.com'))).json.accessToken;
    const status = async (token: string, role: string) =>
      (await world.call('inviteUser', { tenant, token, body: { email: 'x@example.com', role } })).status;
    expect(await status(member.accessToken, 'guest')).toBe(403);
    expect(await status(admin, 'owner')).toBe(403);
    expect(await status(admin, 'member')).toBe(201);
    expect((await world.call('listUserInvitations', { tenant, token: member.accessToken })).status).toBe(403);
    expect(
      (await world.call('revokeUserInvitation', { tenant, token: member.accessToken, params: { invitation: member.account.userId } }))
        .status,
    ).toBe(403);
  });
});

describe('whoever is offered something at an address', () => {
  type Person = { readonly userId: string };
  const admit = async (tenant: Tenant, { userId }: Person, email: string, caller: 'share' | 'upload' = 'share') => {
    const act = { sub: parseUserId(userId)!, sid: parseSessionId(randomUUID())!, role: 'member' as const, scope: 'write' as const };
    const token = await signServiceToken(serviceKey, { caller, tid: tenant, act });
    return (await world.call('admitNewcomer', { token, body: { email } })).json;
  };

  test('comes in by an invitation that an administrator makes by it, once, to a guest\u2019s place', async () => {
    const { tenant, invitation } = await world.addTenant('invite');
    const owner = (await signUp(tenant, 'owner@example.com', invitation)).json.account;
    expect(await admit(tenant, owner, 'stranger@example.com')).toEqual({ way: 'invited' });
    const secret = await invitationFor('stranger@example.com');
    const mails = world.mails.length;
    const guest = (await signUp(tenant, 'stranger@example.com', secret)).json.account;
    expect(guest).toMatchObject({ role: 'guest', emailVerified: true });
    // A guest invites nobody, but an address that is invited is: by its own, which is not renewed.
    expect(await admit(tenant, guest, 'other@example.com')).toMatchObject({ code: 'permission_denied' });
    expect(await admit(tenant, owner, 'other@example.com')).toEqual({ way: 'invited' });
    expect(await admit(tenant, guest, 'other@example.com')).toEqual({ way: 'invited' });
    await world.auth.flushMails();
    expect(world.mails).toHaveLength(mails + 1);
    expect(await admit(tenant, owner, 'other@example.com', 'upload')).toMatchObject({ code: 'not_found' });
    await world.call('updateUser', {
      tenant,
      token: await ownerToken(tenant),
      params: { user: guest.userId },
      body: { status: 'suspended' },
    });
    expect(await admit(tenant, owner, 'stranger@example.com')).toMatchObject({ code: 'permission_denied' });
    expect(await admit(tenant, guest, 'other@example.com')).toMatchObject({ code: 'permission_denied' });
  });
  const ownerToken = async (tenant: Tenant): Promise<string> =>
    (await world.call('logIn', { tenant, body: { email: 'owner@example.com', password, device } })).json.accessToken;

  test('signs up where anybody may, and not where nobody may', async () => {
    const open = await world.addTenant('open');
    expect(await admit(open.tenant, (await world.join(open.tenant)).account, 'new@example.com')).toEqual({ way: 'open' });
    const closed = await world.addTenant('closed');
    const owner = (await signUp(closed.tenant, 'owner@example.com', closed.invitation)).json.account;
    expect(await admit(closed.tenant, owner, 'new@example.com')).toMatchObject({ code: 'permission_denied' });
  });
});

describe('app passwords', () => {
  const exchange = async (tenant: Tenant, email: string, secret: string, named = tenant) =>
    world.call('exchangeAppPassword', {
      token: await signServiceToken(serviceKey, { caller: 'gateway', tid: named }),
      body: { tenantId: tenant, email, password: secret, address: '192.0.2.9' },
    });

  test('are shown once, exchanged for a token of their scope, listed and removed', async () => {
    const { tenant } = await world.addTenant();
    const { accessToken } = await world.join(tenant, 'app@example.com');
    const made = await world.call('createAppPassword', { tenant, token: accessToken, body: { name: 'backup', scope: 'read' } });
    expect(made).toMatchObject({ status: 201, json: { name: 'backup', scope: 'read' } });
    const exchanged = await exchange(tenant, 'App@Example.com', made.json.secret);
    expect(exchanged.status).toBe(200);
    const token = exchanged.json.accessToken;
    expect((await world.call('getMe', { tenant, token })).json.email).toBe('app@example.com');
    expect((await world.call('updateMe', { tenant, token, body: { displayName: 'x' } })).status).toBe(403);
    const { items } = (await world.call('listAppPasswords', { tenant, token: accessToken })).json;
    expect(items).toMatchObject([{ appPasswordId: made.json.appPasswordId, lastUsedAt: expect.any(String) }]);
    expect(JSON.stringify(items)).not.toContain(made.json.secret);
    const remove = () => world.call('removeAppPassword', { tenant, token: accessToken, params: { appPassword: made.json.appPasswordId } });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect((await world.call('getMe', { tenant, token })).status).toBe(401);
    expect((await exchange(tenant, 'app@example.com', made.json.secret)).status).toBe(401);
  });

  test('hold for their user and tenant only', async () => {
    const { tenant } = await world.addTenant();
    const { tenant: elsewhere } = await world.addTenant();
    const { accessToken } = await world.join(tenant, 'one@example.com');
    await world.join(tenant, 'two@example.com');
    await world.join(elsewhere, 'one@example.com');
    const { secret } = (await world.call('createAppPassword', { tenant, token: accessToken, body: { name: 'n' } })).json;
    expect((await exchange(tenant, 'two@example.com', secret)).status).toBe(401);
    expect((await exchange(elsewhere, 'one@example.com', secret)).status).toBe(401);
    expect((await exchange(tenant, 'one@example.com', secret, elsewhere)).status).toBe(403);
    expect((await exchange(tenant, 'one@example.com', password)).status).toBe(401);
  });

  test("another user's cannot be removed", async () => {
    const { tenant } = await world.addTenant();
    const mine = await world.join(tenant);
    const theirs = await world.join(tenant);
    const { appPasswordId } = (await world.call('createAppPassword', { tenant, token: theirs.accessToken, body: { name: 'n' } })).json;
    expect(
      (await world.call('removeAppPassword', { tenant, token: mine.accessToken, params: { appPassword: appPasswordId } })).status,
    ).toBe(404);
  });
});

test('every route of auth that needs a user refuses who is none', async () => {
  const { tenant } = await world.addTenant();
  const guarded = Object.values(routes).filter((route) => route.service === 'auth' && route.auth === 'user');
  expect(guarded.length).toBeGreaterThan(10);
  const params = {
    session: tenant,
    device: tenant,
    appPassword: tenant,
    invitation: tenant,
    identity: tenant,
    issuer: 'corp',
    user: tenant,
  };
  for (const route of guarded) {
    const { status } = await world.call(route.name, { tenant, params });
    expect([route.name, status]).toEqual([route.name, 401]);
  }
});
