import { parseSessionId, parseUserId, type TenantId, type TenantRole } from '@driftbox/domain';
import { signServiceToken } from '@driftbox/service-kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, password, serviceKey, type World } from './testing/world.ts';
import { mayChange } from './update-user.ts';

let world: World;
beforeAll(async () => void (world = await createWorld()));
afterAll(() => world.close());

/** A tenant with its owner, another member, and ways to ask as the owner. */
async function staffed() {
  const { tenant, invitation } = await world.addTenant();
  const owner = await world.join(tenant, undefined, { invitation });
  const member = await world.join(tenant);
  const change = (token: string, user: string, body: unknown) => world.call('updateUser', { tenant, token, params: { user }, body });
  const logIn = () =>
    world.call('logIn', { tenant, body: { email: member.account.email, password, device: { name: 'laptop', kind: 'cli' } } });
  return { tenant, owner, member, change, logIn, id: member.account.userId, token: owner.accessToken };
}

describe('a suspended person', () => {
  test('is signed out everywhere, app passwords included, stays out, and is let in again', async () => {
    const { tenant, member, change, logIn, id, token } = await staffed();
    const held = { tenant, token: member.accessToken };
    const app = (await world.call('createAppPassword', { ...held, body: { name: 'dav' } })).json;
    expect((await change(token, id, { status: 'suspended' })).json).toMatchObject({ status: 'suspended', role: 'member' });
    expect((await world.call('getMe', held)).status).toBe(401);
    expect((await world.call('refreshToken', { tenant, body: { refreshToken: member.refreshToken } })).status).toBe(401);
    expect((await logIn()).status).toBe(401);
    const revoked = await world.db.database.systemTransaction((tx) => tx.query<{ subject: string }>('SELECT subject FROM revocations'));
    expect(revoked.rows.map(({ subject }) => subject)).toContain(app.appPasswordId);
    expect((await change(token, id, { status: 'active' })).json.status).toBe('active');
    expect((await logIn()).status).toBe(200);
  });
});

describe('a role', () => {
  test('is changed by who may give it; a lesser one signs out', async () => {
    const { tenant, owner, member, change, id, token } = await staffed();
    expect((await change(member.accessToken, owner.account.userId, { role: 'guest' })).json.code).toBe('permission_denied');
    expect((await change(token, id, { role: 'admin' })).json.role).toBe('admin');
    const again = (await world.call('refreshToken', { tenant, body: { refreshToken: member.refreshToken } })).json;
    expect(again.account.role).toBe('admin');
    expect((await change(again.accessToken, owner.account.userId, { status: 'suspended' })).json.code).toBe('permission_denied');
    const third = await world.join(tenant);
    expect((await change(again.accessToken, third.account.userId, { role: 'owner' })).json.code).toBe('permission_denied');
    expect((await change(again.accessToken, third.account.userId, { role: 'guest' })).status).toBe(200);
    expect((await change(token, id, { role: 'member' })).status).toBe(200);
    expect((await world.call('getMe', { tenant, token: again.accessToken })).status).toBe(401);
  });

  test('is not changed of oneself, and the last owner stays one, whoever asks at once', async () => {
    const { owner, change, id, token, logIn } = await staffed();
    expect((await change(token, owner.account.userId, { role: 'member' })).json.code).toBe('permission_denied');
    await change(token, id, { role: 'owner' });
    const other = (await logIn()).json.accessToken;
    const both = await Promise.all([
      change(token, id, { status: 'suspended' }),
      change(other, owner.account.userId, { status: 'suspended' }),
    ]);
    expect(both.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
  });

  test.each<[TenantRole, TenantRole, TenantRole, boolean]>([
    ['owner', 'owner', 'guest', true],
    ['admin', 'admin', 'member', true],
    ['admin', 'owner', 'owner', false],
    ['admin', 'member', 'owner', false],
    ['member', 'guest', 'guest', false],
    ['guest', 'guest', 'guest', false],
  ])('%s may bring %s to %s: %s', (by, theirs, wanted, may) => expect(mayChange(by, theirs, wanted)).toBe(may));
});

describe('where somebody is signed in', () => {
  test('is shown to administrators, who sign out one session or one device; it is noted who asked', async () => {
    const { tenant, member, logIn, id, token } = await staffed();
    await logIn();
    const ask = (name: 'listUserDevices' | 'listUserSessions', query = '') =>
      world.call(name, { tenant, token, params: { user: id }, query });
    const first = (await ask('listUserDevices', '?limit=1')).json;
    const rest = (await ask('listUserDevices', `?limit=1&cursor=${first.nextCursor}`)).json;
    const devices = [...first.items, ...rest.items];
    expect(devices).toHaveLength(2);
    expect(devices.filter(({ current }) => current)).toEqual([]);
    const sessions = (await ask('listUserSessions')).json.items;
    expect(sessions.map(({ deviceId }: { deviceId: string }) => deviceId)).toEqual(
      expect.arrayContaining(devices.map(({ deviceId }) => deviceId)),
    );
    const isMine = ({ deviceId }: { deviceId: string }) => deviceId === member.deviceId;
    const params = { user: id, session: sessions.find(isMine).sessionId };
    expect((await world.call('endUserSession', { tenant, token, params })).status).toBe(204);
    expect((await world.call('endUserSession', { tenant, token, params })).json.code).toBe('not_found');
    expect((await world.call('getMe', { tenant, token: member.accessToken })).status).toBe(401);
    const device = sessions.find((one: { deviceId: string }) => !isMine(one)).deviceId;
    expect((await world.call('removeUserDevice', { tenant, token, params: { user: id, device } })).status).toBe(204);
    expect((await world.call('removeUserDevice', { tenant, token, params: { user: id, device } })).json.code).toBe('not_found');
    expect((await ask('listUserSessions')).json.items).toEqual([]);
    const noted = await world.db.database.withTenant<{ outcome: string }>(
      tenant,
      `SELECT outcome FROM login_audit WHERE tenant = $1 AND user_id = $2 AND outcome = 'signed-out'`,
      [tenant, id],
    );
    expect(noted.rows).toHaveLength(2);
  });

  test('is no business of who does not administer the tenant, of administrators where it is an owner, and of other tenants', async () => {
    const { tenant, owner, member, change, logIn, id, token } = await staffed();
    const of = (user: string, held: string) => ({ tenant, token: held, params: { user } });
    expect((await world.call('listUserDevices', of(owner.account.userId, member.accessToken))).json.code).toBe('permission_denied');
    const [session] = (await world.call('listUserSessions', of(owner.account.userId, token))).json.items;
    const end = (held: string) =>
      world.call('endUserSession', { tenant, token: held, params: { user: owner.account.userId, session: session.sessionId } });
    expect((await end(member.accessToken)).json.code).toBe('permission_denied');
    await change(token, id, { role: 'admin' });
    expect((await end((await logIn()).json.accessToken)).json.code).toBe('permission_denied');
    const other = await staffed();
    expect((await world.call('listUserDevices', of(other.id, token))).json.code).toBe('not_found');
    expect((await world.call('getMe', { tenant, token })).status).toBe(200);
  });
});

describe('an account that ends', () => {
  type Person = { readonly userId: string };
  const end = async (tenant: TenantId, by: Person, user: string, body: object = {}) => {
    const act = { sub: parseUserId(by.userId)!, sid: parseSessionId(by.userId)!, role: 'admin' as const, scope: 'write' as const };
    const token = await signServiceToken(serviceKey, { caller: 'metadata', tid: tenant, act });
    return (await world.call('endAccount', { token, params: { user }, body: { dryRun: false, ...body } })).json;
  };

  test('is signed out at once, gone with all that signs in, and its address is free; again nobody is there', async () => {
    const { tenant, owner, member, logIn, id } = await staffed();
    expect(await end(tenant, owner.account, id, { dryRun: true })).toEqual({ known: true });
    expect((await logIn()).status).toBe(200);
    expect(await end(tenant, owner.account, id)).toEqual({ known: true });
    expect((await world.call('getMe', { tenant, token: member.accessToken })).status).toBe(401);
    expect((await world.call('refreshToken', { tenant, body: { refreshToken: member.refreshToken } })).status).toBe(401);
    expect((await logIn()).status).toBe(401);
    const types = await world.db.adminQuery<{ type: string }>('SELECT type FROM outbox WHERE tenant = $1 ORDER BY id', [tenant]);
    expect(types.at(-1)).toEqual({ type: 'user.removed' });
    expect(await end(tenant, owner.account, id)).toEqual({ known: false });
    expect((await world.join(tenant, member.account.email)).account.userId).not.toBe(id);
  });

  test('is ended by who may, never the last owner\u2019s or one\u2019s own, and taken over by who may own a drive', async () => {
    const { tenant, owner, member, change, id, token } = await staffed();
    const third = (await world.join(tenant)).account;
    expect(await end(tenant, member.account, third.userId)).toMatchObject({ code: 'permission_denied' });
    await change(token, id, { role: 'admin' });
    expect(await end(tenant, member.account, owner.account.userId)).toMatchObject({ code: 'permission_denied' });
    expect(await end(tenant, owner.account, owner.account.userId)).toMatchObject({ code: 'permission_denied' });
    await change(token, third.userId, { role: 'guest' });
    expect(await end(tenant, owner.account, id, { heir: third.userId })).toMatchObject({ code: 'permission_denied' });
    expect(await end(tenant, owner.account, id, { heir: id })).toMatchObject({ code: 'not_found' });
    expect(await end(tenant, owner.account, id, { heir: owner.account.userId })).toEqual({ known: true });
  });
});

test('people are shown to administrators, page by page, and nobody changes those of another tenant', async () => {
  const { tenant, member, token, id, change } = await staffed();
  expect((await world.call('listUsers', { tenant, token: member.accessToken })).json.code).toBe('permission_denied');
  const first = (await world.call('listUsers', { tenant, token, query: '?limit=1' })).json;
  const second = (await world.call('listUsers', { tenant, token, query: `?limit=1&cursor=${encodeURIComponent(first.nextCursor)}` })).json;
  // Ids of one millisecond come in any order.
  expect([...first.items, ...second.items]).toHaveLength(2);
  expect([...first.items, ...second.items]).toContainEqual(
    expect.objectContaining({ userId: id, status: 'active', lastSeenAt: expect.any(String) }),
  );
  expect(second.nextCursor).toBeUndefined();
  const strange = await staffed();
  expect((await strange.change(strange.token, id, { status: 'suspended' })).json.code).toBe('not_found');
  expect((await change(token, id, {})).json.code).toBe('invalid_argument');
});
