import { randomBytes } from 'node:crypto';
import { createClient, noRetry } from '@driftbox/api-client';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { routes, type BodyOf, type Routes } from '@driftbox/protocol';
import { createMemoryMailer } from '@driftbox/mail';
import type { Database } from '@driftbox/postgres';
import { createAuthenticator, createLogger, createService, newId as newUuid, signServiceToken } from '@driftbox/service-kit';
import {
  createTestDatabase,
  faultsTimeoutMs,
  newId,
  restoreEverywhere,
  rowsOfTenant,
  tenantTables,
  unnamedTables,
  type TestDatabase,
} from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createShare, migrations, type Share } from './index.ts';
import { bindReadTenant } from './routes/read-tenant.ts';
import { bindRestoreTenant } from './routes/restore-tenant.ts';
import { keptRows } from './store/kept-rows.ts';

const serviceKey = 'a service key of at least thirty-two bytes';
const common = {
  authenticator: createAuthenticator({ keys: { find: () => Promise.reject(new Error('no key')) }, serviceKey }),
  log: createLogger({ service: 'test', level: 'silent' }),
};
const token = () => signServiceToken(serviceKey, { caller: 'admin' });
let db: TestDatabase;
let share: Share;
beforeAll(async () => {
  db = await createTestDatabase({ service: 'share', migrations });
  const nobody = createClient({ transport: () => Promise.reject(new Error('asks nobody')) });
  share = createShare({
    ...common,
    database: db.database,
    auth: nobody,
    metadata: nobody,
    upload: nobody,
    serviceKey,
    linkSecret: randomBytes(32),
    mailer: createMemoryMailer(),
    registry: new Registry(),
    checkAnswers: true,
  });
}, 60_000);
afterAll(async () => {
  await share.stop();
  await db.drop();
});

/** One row in each table. */
async function fill(tenant: TenantId): Promise<void> {
  const id = newUuid(Date.now());
  const rows: [string, string, string][] = [
    [
      'links',
      'link_id, token_hash, drive_id, entry_id, kind, role, creator, notify_on_use, created_at',
      `$2, $3, $2, $2, 'file', 'viewer', $2, false, now()`,
    ],
    ['link_uses', 'use_id, link_id, kind, at, entry_id, name, address, secret_hash', `$2, $2, 'download', now(), $2, 'n', 'a', $3`],
    [
      'invitations',
      'invitation_id, drive_id, drive_name, role, inviter, inviter_name, invitee, created_at, expires_at',
      `$2, $2, 'd', 'viewer', $2, 'i', $2, now(), now()`,
    ],
    ['link_attempts', 'key, attempts, window_ends_at', `sha256($2::text::bytea), 1, now()`],
    ['outbox', 'event_id, topic, key, type, data', `$2, 't', 'k', 'y', '{}'`],
    ['idempotency_keys', 'actor, route, key, body_hash', `'a', 'r', $2::text, ''`],
    ['restores', 'restore_id', '$2'],
  ];
  for (const [table, columns, values] of rows) {
    const used = [tenant, ...(values.includes('$2') ? [id] : []), ...(values.includes('$3') ? [randomBytes(32)] : [])];
    await db.adminQuery(`INSERT INTO ${table} (tenant, ${columns}) VALUES ($1, ${values})`, used);
  }
}

test('erasing a tenant leaves nothing of it and everything of others', async () => {
  const [gone, stays] = [newId(parseTenantId), newId(parseTenantId)];
  for (const tenant of [gone, stays]) await fill(tenant);
  // A new table must be filled here, or this test would show nothing of it.
  expect(Object.keys(await rowsOfTenant(db, 'share', gone))).toEqual(await tenantTables(db, 'share'));
  const before = await rowsOfTenant(db, 'share', stays);
  const admin = createClient({ transport: share.service.transport, token });
  const erase = () => admin.call(routes.deleteTenantInShare, { params: { tenant: gone } });
  const receipt = await erase();
  expect(receipt).toMatchObject({ tenantId: gone, state: 'erased', erased: { links: 1, link_uses: 1, link_attempts: 1, outbox: 1 } });
  expect([await rowsOfTenant(db, 'share', gone), await rowsOfTenant(db, 'share', stays)]).toEqual([{}, before]);
  expect(await erase()).toEqual(receipt);
});

test('rows are closed to every tenant but their own', async () => {
  const [mine, other] = [newId(parseTenantId), newId(parseTenantId)];
  await fill(mine);
  for (const table of ['links', 'link_uses', 'link_attempts']) {
    const count = async (tenant: TenantId) => (await db.database.withTenant(tenant, `SELECT count(*) AS n FROM ${table}`)).rows[0]?.['n'];
    expect([table, await count(mine), await count(other)]).toEqual([table, 1, 0]);
  }
});

test('every table of a tenant is in its backups, or is said not to be', async () => {
  expect(await unnamedTables(db, 'share', keptRows)).toEqual([]);
});

test(
  'a restore whose service fails or dies at any step is gone on with, and all of it is there once',
  async () => {
    const source = newId(parseTenantId);
    await fill(source);
    const routesOn = (database: Database) => {
      const bindings = [bindReadTenant({ database }), bindRestoreTenant({ database })];
      const { transport } = createService({ ...common, name: 'share', bindings, registry: new Registry() });
      const client = createClient({ transport, retry: noRetry, token });
      return {
        read: (tenant: TenantId) => client.stream(routes.readTenantInShare, { params: { tenant } }),
        restore: (tenant: TenantId, body: BodyOf<Routes['restoreTenantInShare']>) =>
          client.call(routes.restoreTenantInShare, { params: { tenant }, body }),
      };
    };
    expect(await restoreEverywhere(17, { database: db.database, routesOn, source })).toBeGreaterThan(30);
  },
  faultsTimeoutMs,
);
