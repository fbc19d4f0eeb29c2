import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createClient, noRetry, type Client } from '@driftbox/api-client';
import { parseDriveId, parseEntryId, parseSessionId, parseTenantId, parseUserId, type TenantId, type UserId } from '@driftbox/domain';
import { Problem, routes, type AnswerOf, type Routes } from '@driftbox/protocol';
import { createSmtpMailer } from '@driftbox/mail';
import { createAuthenticator, createLogger, createService, handle, signAccessToken, type Service } from '@driftbox/service-kit';
import { createTestDatabase, newId, waitFor, type TestDatabase } from '@driftbox/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { SMTPServer } from 'smtp-server';
import { hearAccount } from './hear-account.ts';
import { createShare, migrations, type Share } from './index.ts';

const serviceKey = 'a service key of at least thirty-two bytes';
const dayMs = 86_400_000;
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const drive = newId(parseDriveId);
const mount = newId(parseEntryId);
const [ada, bob, eve] = [newId(parseUserId), newId(parseUserId), newId(parseUserId)];

const mailed: { readonly to: string; readonly message: string }[] = [];
const sink = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData: (stream, { envelope }, done) => {
    let message = '';
    stream.on('data', (piece: Buffer) => (message += piece.toString()));
    stream.once('end', () => {
      mailed.push({ to: envelope.rcptTo[0]?.address ?? '', message });
      done();
    });
  },
});

let db: TestDatabase;
let share: Share;
let metadata: Service;
let auth: Service;
let tenantId: TenantId;
let nowMs: number;
/** What metadata says; changed by tests. */
let named: Pick<AnswerOf<Routes['describeInvitees']>, 'people' | 'stranger'>;
let proven: Map<string, string>;
let mayGive: boolean;
let manager: boolean;
let given: string[];
/** How auth lets strangers in, if it does. */
let way: 'open' | 'invited' | undefined;

beforeAll(async () => {
  db = await createTestDatabase({ service: 'share', migrations });
  const authenticator = createAuthenticator({ keys: { find: () => Promise.resolve(publicKey) }, serviceKey });
  const log = createLogger({ service: 'test', level: 'silent' });
  // Metadata's answers that share asks for; what they depend on there is tested there.
  metadata = createService({
    name: 'metadata',
    bindings: [
      handle(routes.describeInvitees, () => ({ drive: 'Plans', inviter: 'Ada', role: 'owner' as const, ...named })),
      handle(routes.acceptGrant, ({ actor, body }) => {
        if (!mayGive) throw new Problem('not_found');
        given.push(`${actor.userId} ${body.role}`);
        return { entryId: mount };
      }),
      handle(routes.getPerson, ({ actor }) => {
        const email = proven.get(actor.userId);
        return { name: 'somebody', ...(email === undefined ? {} : { email }) };
      }),
      handle(routes.checkAccess, () => ({ driveEpoch: mount, rootId: mount, role: manager ? ('manager' as const) : ('viewer' as const) })),
    ],
    authenticator,
    log,
    registry: new Registry(),
  });
  auth = createService({
    name: 'auth',
    bindings: [
      handle(routes.admitNewcomer, () => {
        if (way === undefined) throw new Problem('permission_denied', 'Ask an administrator');
        return { way };
      }),
    ],
    authenticator,
    log,
    registry: new Registry(),
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const { port } = sink.server.address() as AddressInfo;
  share = createShare({
    mailer: createSmtpMailer(`smtp://127.0.0.1:${port}`, 'DriftBox <noreply@example.com>'),
    publicUrl: () => 'https://acme.example.com',
    database: db.database,
    auth: createClient({ transport: auth.transport, retry: noRetry }),
    metadata: createClient({ transport: metadata.transport, retry: noRetry }),
    upload: createClient({ transport: () => Promise.reject(new Error('asks nobody')) }),
    serviceKey,
    linkSecret: randomBytes(32),
    authenticator,
    log,
    registry: new Registry(),
    nowMs: () => nowMs,
    checkAnswers: true,
  });
}, 60_000);
afterAll(async () => {
  await share.stop();
  await metadata.stop();
  await auth.stop();
  await new Promise<void>((resolve) => sink.close(() => resolve()));
  await db.drop();
});
beforeEach(() => {
  tenantId = newId(parseTenantId);
  nowMs = Date.UTC(2026, 0, 1);
  named = { people: [{ user: bob, name: 'Bob' }] };
  proven = new Map();
  mayGive = true;
  manager = false;
  given = [];
  way = 'open';
  mailed.length = 0;
});

const as = (userId: UserId, role: 'member' | 'guest' = 'member'): Client => {
  const claims = { sub: userId, tid: tenantId, sid: newId(parseSessionId), role, scope: 'write' as const };
  const token = () => signAccessToken(privateKey, 'k1', claims, Date.now(), Date.now() + 60_000);
  return createClient({ transport: share.service.transport, retry: noRetry, token });
};
const invite = (by = ada, terms: { role?: 'viewer' | 'editor'; expiresAt?: string } = {}) =>
  as(by).call(routes.createInvitations, { body: { drive, to: { user: bob }, ...terms } });
const waiting = async (who: UserId) => (await as(who).call(routes.listInvitations)).items;
const accept = (who: UserId, invitation: string) => as(who).call(routes.acceptInvitation, { params: { invitation } });
const problem = (code: string) => expect.objectContaining({ code });
const at = (days: number): string => new Date(nowMs + days * dayMs).toISOString();
const facts = async () =>
  (await db.adminQuery<{ type: string }>('SELECT type FROM outbox WHERE tenant = $1 ORDER BY id', [tenantId])).map((row) => row.type);

test('an offer waits for whom it is for alone, is accepted once, and told as facts', async () => {
  const [offer] = (await invite()).items;
  expect(offer).toMatchObject({ driveName: 'Plans', inviterName: 'Ada', role: 'editor', user: bob, state: 'open', expiresAt: at(14) });
  const { invitationId } = offer!;
  expect([await waiting(bob), await waiting(eve)]).toEqual([[offer], []]);
  await expect(accept(eve, invitationId)).rejects.toEqual(problem('not_found'));
  expect(await accept(bob, invitationId)).toMatchObject({ invitation: { state: 'accepted' }, mount });
  // A second time gives nothing again: the role may have been taken away since.
  expect(await accept(bob, invitationId)).toMatchObject({ invitation: { state: 'accepted' } });
  expect([given, await waiting(bob)]).toEqual([[`${bob} editor`], []]);
  for (const late of [
    as(bob).call(routes.declineInvitation, { params: { invitation: invitationId } }),
    as(ada).call(routes.revokeInvitation, { params: { invitation: invitationId } }),
  ])
    await expect(late).rejects.toEqual(problem('not_found'));
  expect(await facts()).toEqual(['invitation.created', 'invitation.accepted']);
});

test('an offer that is open is renewed, and ends by itself', async () => {
  const [first] = (await invite(ada, { role: 'viewer' })).items;
  const [second] = (await invite(ada, { expiresAt: at(3) })).items;
  expect(second).toMatchObject({ invitationId: first!.invitationId, role: 'editor', expiresAt: at(3) });
  for (const days of [-1, 91]) await expect(invite(ada, { expiresAt: at(days) })).rejects.toEqual(problem('invalid_argument'));
  nowMs += 3 * dayMs;
  expect(await waiting(bob)).toEqual([]);
  await expect(accept(bob, first!.invitationId)).rejects.toEqual(problem('not_found'));
  expect((await as(ada).call(routes.listInvitations, { query: { of: 'sent' } })).items).toMatchObject([{ state: 'expired' }]);
});

test('an offer to an address is of whoever proves that it is theirs', async () => {
  named = { people: [], stranger: 'new@example.com' };
  const [offer] = (await invite()).items;
  expect(offer).toMatchObject({ email: 'new@example.com' });
  expect(offer!.user).toBeUndefined();
  // The mail server really has it; it opens nothing by itself, and a renewal is no second mail.
  await invite();
  named = { people: [{ user: bob, name: 'Bob', email: 'bob@example.com' }] };
  await invite();
  await waitFor(() => mailed.length === 2);
  expect(mailed.map(({ to }) => to)).toEqual(['new@example.com', 'bob@example.com']);
  expect(mailed[0]!.message).toContain('Subject: Ada invites you to Plans');
  expect(mailed[0]!.message).toContain('https://acme.example.com');
  expect(mailed[1]!.message).not.toContain('sign up');
  await expect(accept(eve, offer!.invitationId)).rejects.toEqual(problem('not_found'));
  proven.set(eve, 'new@example.com');
  expect(await waiting(eve)).toEqual([offer]);
  expect(await accept(eve, offer!.invitationId)).toMatchObject({ invitation: { state: 'accepted', user: eve } });
});

test('an address that cannot join is not offered anything, and one that is invited is told of its other mail', async () => {
  named = { people: [], stranger: 'new@example.com' };
  way = undefined;
  await expect(invite()).rejects.toEqual(expect.objectContaining({ code: 'permission_denied', message: 'Ask an administrator' }));
  expect(await facts()).toEqual([]);
  way = 'invited';
  await invite();
  await waitFor(() => mailed.length === 1);
  expect(mailed[0]!.message).toContain('the invitation that another mail');
});

test('offers are declined by whom they are for, and taken back by who made them or manages the drive', async () => {
  const open = async () => (await invite()).items[0]!.invitationId;
  const [declined] = [await open()];
  await as(bob).call(routes.declineInvitation, { params: { invitation: declined } });
  await expect(accept(bob, declined)).rejects.toEqual(problem('not_found'));
  const revoked = await open();
  await expect(as(eve).call(routes.revokeInvitation, { params: { invitation: revoked } })).rejects.toEqual(problem('not_found'));
  await as(ada).call(routes.revokeInvitation, { params: { invitation: revoked } });
  await expect(accept(bob, revoked)).rejects.toEqual(problem('not_found'));
  const managed = await open();
  await expect(as(eve).call(routes.listInvitations, { query: { of: 'sent', drive } })).rejects.toEqual(problem('permission_denied'));
  manager = true;
  expect((await as(eve).call(routes.listInvitations, { query: { of: 'sent', drive } })).items).toHaveLength(3);
  await as(eve).call(routes.revokeInvitation, { params: { invitation: managed } });
  expect(given).toEqual([]);
});

test('the offers of who was removed end, with those that waited for them, and their links', async () => {
  const removed = (subject: UserId) => {
    const event = {
      specversion: '1.0' as const,
      datacontenttype: 'application/json' as const,
      id: newId(parseUserId),
      source: '/services/auth',
      type: 'user.removed',
      time: at(0),
    };
    return hearAccount(db.database, { ...event, tenant: tenantId, partitionkey: subject, subject, data: {} }, nowMs);
  };
  await invite();
  await removed(eve);
  expect(await waiting(bob)).toHaveLength(1);
  await removed(ada);
  expect(await waiting(bob)).toEqual([]);
  await invite(eve);
  await removed(bob);
  expect((await as(eve).call(routes.listInvitations, { query: { of: 'sent' } })).items).toMatchObject([{ state: 'revoked' }]);
  const link = (by: UserId): Promise<unknown> =>
    db.adminQuery(
      `INSERT INTO links (tenant, link_id, token_hash, drive_id, entry_id, kind, role, creator, notify_on_use, created_at)
       VALUES ($1, $2, decode(replace($2::uuid::text, '-', ''), 'hex'), $3, $4, 'file', 'viewer', $5, false, now())`,
      [tenantId, newId(parseUserId), drive, mount, by],
    );
  await link(ada);
  await link(eve);
  await removed(ada);
  expect(await db.adminQuery('SELECT creator FROM links WHERE tenant = $1', [tenantId])).toEqual([{ creator: eve }]);
});

test('what metadata refuses stays open, and nobody is invited twice over', async () => {
  const [offer] = (await invite()).items;
  mayGive = false;
  await expect(accept(bob, offer!.invitationId)).rejects.toEqual(problem('not_found'));
  expect(await waiting(bob)).toEqual([offer]);
  named = { people: [] };
  await expect(invite()).rejects.toEqual(problem('already_exists'));
  await expect(as(ada, 'guest').call(routes.createInvitations, { body: { drive, to: { user: bob } } })).rejects.toEqual(
    problem('permission_denied'),
  );
});
