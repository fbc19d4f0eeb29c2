import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseTenantId, parseUserId } from '@driftbox/domain';
import { createTestDatabase, measurePlans, recordStatements, type TestDatabase } from '@driftbox/testkit';
import { findUserByEmail } from './store/find-user-by-email.ts';
import { listDevices } from './store/list-devices.ts';
import { listSessions } from './store/list-sessions.ts';
import { lockRefreshToken } from './store/lock-refresh-token.ts';

const large = new Set(['users', 'devices', 'sessions', 'refresh_tokens']);
const each = 500;
const tenants = 100;
const from = `FROM generate_series(1, ${tenants}) t, generate_series(1, ${each}) n`;
const id = (name: string, number = 'n'): string => `md5('${name}-' || t || '-' || ${number})::uuid`;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ service: 'auth', migrations: new URL('../migrations/', import.meta.url) });
  await db.adminQuery(
    `INSERT INTO auth.users (tenant, user_id, email, email_verified, display_name, role, password_hash, created_at)
     SELECT ${id('tenant', '0')}, ${id('user')}, 'user-' || n || '@example.com', true, 'Ada', 'member', '', now() ${from}`,
  );
  await db.adminQuery(
    `INSERT INTO auth.devices (tenant, device_id, user_id, name, kind, created_at, last_seen_at)
     SELECT ${id('tenant', '0')}, ${id('device')}, ${id('user')}, 'laptop', 'other', now(), now() ${from}`,
  );
  await db.adminQuery(
    `INSERT INTO auth.sessions (tenant, session_id, user_id, device_id, created_at, last_used_at, expires_at)
     SELECT ${id('tenant', '0')}, ${id('session')}, ${id('user')}, ${id('device')}, now(), now(), now() + interval '30 days' ${from}`,
  );
  await db.adminQuery(
    `INSERT INTO auth.refresh_tokens (tenant, token_hash, session_id, expires_at)
     SELECT ${id('tenant', '0')}, sha256((t || '-' || n)::bytea), ${id('session')}, now() + interval '30 days' ${from}`,
  );
  await db.adminQuery('ANALYZE');
}, 120_000);
afterAll(() => db.drop());

test(`among ${tenants * each} users, sessions and devices, none is looked for by reading a table whole`, async () => {
  const [ids] = await db.adminQuery<{ tenant: string; user: string }>(
    `SELECT ${id('tenant', '0')} AS tenant, ${id('user')} AS user FROM (SELECT 7 AS t, 9 AS n) x`,
  );
  const tenantId = parseTenantId(ids!.tenant)!;
  const userId = parseUserId(ids!.user)!;
  const { database, sent } = recordStatements(db.database);
  await database.transaction(tenantId, async (tx) => {
    expect(await listSessions(tx, userId, Date.now(), undefined, 100)).toHaveLength(1);
    expect(await listDevices(tx, userId, undefined, 100)).toHaveLength(1);
    expect(await lockRefreshToken(tx, createHash('sha256').update('7-9').digest())).toMatchObject({ userId });
    expect(await findUserByEmail(tx, 'user-9@example.com')).toMatchObject({ userId });
  });
  const plans = await measurePlans(db, 'auth', tenantId, sent);
  expect(plans).toHaveLength(5);
  for (const { name, readWhole, pages } of plans) {
    expect([name, readWhole.filter((table) => large.has(table))]).toEqual([name, []]);
    expect([name, pages < 50]).toEqual([name, true]);
  }
});
