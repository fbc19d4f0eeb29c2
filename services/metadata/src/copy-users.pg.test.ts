import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestDatabase } from '@driftbox/testkit';
import { copyUser } from './copy-users.ts';
import { newTenant, newUser, openTestDatabase } from './testing/world.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
}, 60_000);
afterAll(() => db.drop());

test('the copy follows the newest event, whatever order they arrive in, and ignores what it does not know', async () => {
  const [tenant, userId] = [newTenant(), newUser()];
  const event = (type: string, minute: number, data: object) =>
    copyUser(db.database, { type, tenant, time: `2026-01-01T00:0${minute}:00Z`, data: { userId, ...data } });
  await event('user.created', 1, { name: 'Ada', email: 'ada@example.com' });
  await event('user.suspended', 3, {});
  await event('user.updated', 2, { name: 'Late' });
  await event('user.updated', 4, { name: 'Ada L.' });
  await event('session.ended', 5, { name: 'Nobody' });
  await copyUser(db.database, 'no event');
  const rows = await db.adminQuery('SELECT name, email, state FROM users WHERE tenant = $1', [tenant]);
  expect(rows).toEqual([{ name: 'Ada L.', email: 'ada@example.com', state: 'suspended' }]);
});
