import type { TenantRole } from '@driftbox/domain';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, password, type World } from './testing/world.ts';
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
