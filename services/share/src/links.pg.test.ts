import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createClient, noRetry, type Client } from '@driftbox/api-client';
import {
  parseDriveId,
  parseEntryId,
  parseSessionId,
  parseTenantId,
  parseUserId,
  type TenantId,
  type TenantRole,
  type UserId,
} from '@driftbox/domain';
import { routes, type LinkPolicy, type SentBody } from '@driftbox/protocol';
import { createMemoryMailer } from '@driftbox/mail';
import { createAuthenticator, createLogger, createService, handle, signAccessToken, type Service } from '@driftbox/service-kit';
import { createTestDatabase, newId, type TestDatabase } from '@driftbox/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createShare, migrations, type Share } from './index.ts';

const serviceKey = 'a service key of at least thirty-two bytes';
const dayMs = 86_400_000;
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const [drive, entry] = [newId(parseDriveId), newId(parseEntryId)];

let db: TestDatabase;
let share: Share;
let metadata: Service;
let tenantId: TenantId;
let nowMs: number;
/** What metadata says of links; changed by tests. */
let policy: LinkPolicy;
let mostLinks: number;
let role: 'editor' | 'manager';

beforeAll(async () => {
  db = await createTestDatabase({ service: 'share', migrations });
  const authenticator = createAuthenticator({ keys: { find: () => Promise.resolve(publicKey) }, serviceKey });
  const log = createLogger({ service: 'test', level: 'silent' });
  // Metadata's two answers that share asks for; what they depend on there is tested there.
  metadata = createService({
    name: 'metadata',
    bindings: [
      handle(routes.describeLinked, () => ({
        entry: { entryId: entry, kind: 'folder' as const, name: 'Album' },
        driveEpoch: randomUUID(),
        role,
        sharedBy: 'Ada',
        policy,
        mostLinks,
      })),
      handle(routes.checkAccess, () => ({ driveEpoch: randomUUID(), rootId: entry, role })),
    ],
    authenticator,
    log,
    registry: new Registry(),
  });
  share = createShare({
    database: db.database,
    auth: createClient({ transport: () => Promise.reject(new Error('asks nobody')) }),
    metadata: createClient({ transport: metadata.transport, retry: noRetry }),
    upload: createClient({ transport: () => Promise.reject(new Error('asks nobody')) }),
    serviceKey,
    linkSecret: randomBytes(32),
    passwordCost: { memoryKiB: 64, passes: 1 },
    tenantOfHost: () => tenantId,
    authenticator,
    mailer: createMemoryMailer(),
    log,
    registry: new Registry(),
    nowMs: () => nowMs,
    checkAnswers: true,
  });
}, 60_000);
afterAll(async () => {
  await share.stop();
  await metadata.stop();
  await db.drop();
});
beforeEach(() => {
  tenantId = newId(parseTenantId);
  nowMs = Date.UTC(2026, 0, 1);
  policy = { allowed: true, password: 'optional' };
  mostLinks = 1000;
  role = 'editor';
});

const person = (userId: UserId = newId(parseUserId), tenantRole: TenantRole = 'member'): Client => {
  const claims = { sub: userId, tid: tenantId, sid: newId(parseSessionId), role: tenantRole, scope: 'write' as const };
  const token = () => signAccessToken(privateKey, 'k1', claims, Date.now(), Date.now() + 60_000);
  return createClient({ transport: share.service.transport, retry: noRetry, token });
};
const make = (client: Client, terms: Partial<SentBody<typeof routes.createLink>> = {}) =>
  client.call(routes.createLink, { body: { drive, entry, ...terms } });
const visit = (path = '') =>
  createClient({ transport: share.service.transport, retry: noRetry }).call(routes.getShared, {
    params: { linkToken: path.split('/').at(-1)! },
    headers: { host: 'acme.test' },
  });
const at = (days: number): string => new Date(nowMs + days * dayMs).toISOString();
const problem = (code: string) => expect.objectContaining({ code });

test("a tenant's policy bounds new links, and binds old ones at their next use", async () => {
  const ada = person();
  const old = await make(ada);
  expect(old.expiresAt).toBeUndefined();
  policy = { allowed: true, password: 'optional', maxDays: 7 };
  expect((await make(ada)).expiresAt).toBe(at(7));
  expect((await make(ada, { expiresAt: at(3) })).expiresAt).toBe(at(3));
  await expect(make(ada, { expiresAt: at(8) })).rejects.toEqual(problem('invalid_argument'));
  await expect(ada.call(routes.updateLink, { params: { link: old.linkId }, body: { expiresAt: at(8) } })).rejects.toEqual(
    problem('invalid_argument'),
  );
  expect(await visit(old.path)).toMatchObject({ needsPassword: false });
  nowMs += 7 * dayMs;
  await expect(visit(old.path)).rejects.toEqual(problem('not_found'));
  policy = { allowed: true, password: 'required' };
  await expect(visit(old.path)).rejects.toEqual(problem('not_found'));
  await expect(make(ada)).rejects.toEqual(problem('permission_denied'));
  await ada.call(routes.updateLink, { params: { link: old.linkId }, body: { password: 'open sesame' } });
  expect(await visit(old.path)).toEqual({ needsPassword: true });
  await expect(ada.call(routes.updateLink, { params: { link: old.linkId }, body: { password: null } })).rejects.toEqual(
    problem('permission_denied'),
  );
});

test('a link ends when it says, and what has ended makes room for others', async () => {
  const ada = person();
  mostLinks = 2;
  const brief = await make(ada, { expiresAt: at(1) });
  await make(ada);
  const together = await Promise.allSettled([make(ada), make(ada), make(person())]);
  for (const one of together) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'quota_exceeded' } });
  nowMs += dayMs;
  await expect(visit(brief.path)).rejects.toEqual(problem('not_found'));
  expect(await ada.call(routes.getLink, { params: { link: brief.linkId } })).toMatchObject({ state: 'expired' });
  await make(ada);
  await expect(make(ada, { expiresAt: at(-1) })).rejects.toEqual(problem('invalid_argument'));
});

test('guesses of a password made while the clock was a day ahead are forgiven a window after it was put right', async () => {
  const link = await make(person(), { password: 'open sesame' });
  const unlock = (password: string) =>
    createClient({ transport: share.service.transport, retry: noRetry }).call(routes.unlockShared, {
      params: { linkToken: link.path!.split('/').at(-1)! },
      body: { password },
      headers: { host: 'acme.test' },
    });
  nowMs += dayMs;
  for (let count = 0; count < 10; count += 1) await expect(unlock(`guess ${count}`)).rejects.toEqual(problem('unauthenticated'));
  nowMs -= dayMs;
  await expect(unlock('open sesame')).rejects.toMatchObject({ code: 'rate_limited' });
  nowMs += 15 * 60_000;
  await unlock('open sesame');
});

test('administrators and managers of the drive see and end the links of others, and are not shown where they lead', async () => {
  const ada = person();
  const link = await make(ada);
  const call = { params: { link: link.linkId } };
  const eve = person();
  await expect(eve.call(routes.getLink, call)).rejects.toEqual(problem('not_found'));
  role = 'manager';
  expect(await eve.call(routes.getLink, call)).toEqual({ ...link, path: undefined });
  expect((await eve.call(routes.listLinks, { query: { of: 'everybody', drive } })).items).toHaveLength(1);
  await expect(eve.call(routes.listLinks, { query: { of: 'everybody' } })).rejects.toEqual(problem('permission_denied'));
  await expect(eve.call(routes.updateLink, { ...call, body: { notifyOnUse: true } })).rejects.toEqual(problem('permission_denied'));
  role = 'editor';
  const admin = person(undefined, 'admin');
  expect((await admin.call(routes.listLinks, { query: { of: 'everybody' } })).items).toHaveLength(1);
  await admin.call(routes.revokeLink, call);
  await expect(visit(link.path)).rejects.toEqual(problem('not_found'));
  await expect(make(person(undefined, 'guest'))).rejects.toEqual(problem('permission_denied'));
});

test('lists go on page by page, and events say what happened in its order', async () => {
  const ada = person();
  const made = [];
  for (let n = 0; n < 5; n += 1) made.push((await make(ada, { notifyOnUse: true })).linkId);
  const seen: string[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await ada.call(routes.listLinks, { query: { limit: 2, cursor } });
    seen.push(...page.items.map(({ linkId }) => linkId));
    cursor = page.nextCursor;
  }
  expect(seen.sort()).toEqual(made.sort());
  await ada.call(routes.updateLink, { params: { link: made[0]! }, body: { maxDownloads: 3 } });
  await ada.call(routes.revokeLink, { params: { link: made[0]! } });
  const events = await db.adminQuery<{ type: string; key: string }>('SELECT type, key FROM outbox WHERE tenant = $1 AND subject = $2', [
    tenantId,
    made[0]!,
  ]);
  expect(events.map(({ type }) => type)).toEqual(['link.created', 'link.changed', 'link.revoked']);
  expect(new Set(events.map(({ key }) => key))).toEqual(new Set([drive]));
});
