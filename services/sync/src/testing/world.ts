import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { connectHints, type Hints, type HintsOptions, type HintsState } from '@driftbox/api-client';
import { parseDeviceId, parseSessionId, parseTenantId, parseUserId, type SessionId, type TenantId, type UserId } from '@driftbox/domain';
import { createMemoryBus, createMemoryHintBus, type EventBus, type HintBus } from '@driftbox/event-bus';
import type { AccessClaims, Head } from '@driftbox/protocol';
import { createAuthenticator, createKeySource, createLogger, signAccessToken, signServiceToken } from '@driftbox/service-kit';
import { createTestDatabase, newId, type TestDatabase } from '@driftbox/testkit';
import { Registry } from 'prom-client';
import { createSync, type SyncOptions } from '../app.ts';
import { standInMetadata, type StandInMetadata } from './stand-in-metadata.ts';

const serviceKey = 'a service key of at least thirty-two bytes';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** Sync as it is in a cell, on loopback, on memory buses; metadata is a stand-in and tokens are signed here. */
export type World = {
  readonly address: string;
  readonly port: number;
  /** Of the cell's own routes. */
  readonly internalPort: number;
  readonly metadata: StandInMetadata;
  readonly hints: HintBus;
  readonly bus: EventBus;
  readonly registry: Registry;
  readonly tenantId: TenantId;
  readonly revoked: Set<SessionId | UserId>;
  readonly suspended: Set<TenantId>;
  /** A token by which the cell's administrator calls. */
  adminToken(): Promise<string>;
  token(userId: UserId, over?: Partial<AccessClaims>, lifeMs?: number): Promise<string>;
  /** A client that remembers what it was told; closed with the world. */
  follow(userId: UserId, over?: Partial<HintsOptions>): Followed;
  /** Publishes a commit as metadata does: a hint at once, and the event. Either may be left out. */
  publish(head: Head, by?: { hint?: boolean; event?: boolean }): Promise<void>;
  /** Tells of a drive or grant by event. */
  tell(type: string, data: Record<string, unknown>): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
};
export type Followed = {
  readonly hints: Hints;
  readonly told: Head[];
  readonly states: HintsState[];
  readonly errors: unknown[];
  readonly changes: () => number;
};

export const openTestDatabase = (): Promise<TestDatabase> =>
  createTestDatabase({ service: 'sync', migrations: new URL('../../migrations', import.meta.url) });
export const newUser = (): UserId => newId(parseUserId);

function userOf(token: string): UserId {
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sub: string };
  return parseUserId(sub)!;
}

/** Starts one; `close` ends everything but the database. */
export async function startWorld(db: TestDatabase, over: Partial<SyncOptions> = {}): Promise<World> {
  const metadata = standInMetadata(userOf);
  const [hints, bus, registry] = [createMemoryHintBus(), createMemoryBus(), new Registry()];
  const revoked = new Set<SessionId | UserId>();
  const suspended = new Set<TenantId>();
  const revocations = {
    isRevoked: (session: SessionId, user: UserId) => revoked.has(session) || revoked.has(user),
    isSuspended: (tenant: TenantId) => suspended.has(tenant),
  };
  const keys = createKeySource({ fetch: () => Promise.resolve({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] }) });
  const sync = createSync({
    database: db.database,
    metadata: metadata.client,
    hints,
    bus,
    registry,
    revocations,
    log: createLogger({ service: 'test', level: 'silent' }),
    authenticator: createAuthenticator({ keys, serviceKey, revocations }),
    spreadMs: 50,
    checkAnswers: true,
    ...over,
  });
  await sync.start();
  const { port } = await sync.service.listen({ host: '127.0.0.1', port: 0 });
  const { port: internalPort } = await sync.service.listenInternal({ host: '127.0.0.1', port: 0 });
  const address = `http://127.0.0.1:${port}`;
  const tenantId = newId(parseTenantId);
  const open: Hints[] = [];
  const token = tokensOf(tenantId);
  const tell: World['tell'] = (type, data) => bus.publish('driftbox.files', String(data['drive']), eventOf(tenantId, type, data));
  return {
    address,
    port,
    internalPort,
    metadata,
    hints,
    bus,
    registry,
    tenantId,
    revoked,
    suspended,
    adminToken: () => signServiceToken(serviceKey, { caller: 'admin' }),
    token,
    tell,
    follow: (userId, options = {}) => {
      const followed = followedBy({ address, token: () => token(userId), ...options });
      open.push(followed.hints);
      return followed;
    },
    publish: async (head, { hint = true, event = true } = {}) => {
      if (hint) hints.publish({ tenantId, ...head });
      if (event) await tell('files.committed', { ...head, fromSeq: head.seq, toSeq: head.seq });
    },
    stop: () => sync.stop(),
    close: async () => {
      await Promise.all(open.map((one) => one.close()));
      await sync.stop();
      await bus.close();
    },
  };
}

function tokensOf(tid: TenantId): World['token'] {
  return (sub, claims = {}, lifeMs = 600_000) => {
    const made = { sid: newId(parseSessionId), did: newId(parseDeviceId) };
    const all: AccessClaims = { sub, tid, ...made, role: 'member', scope: 'write', ...claims };
    return signAccessToken(privateKey, 'k1', all, Date.now(), Date.now() + lifeMs);
  };
}

function followedBy(options: Pick<HintsOptions, 'address' | 'token'> & Partial<HintsOptions>): Followed {
  const told: Head[] = [];
  const states: HintsState[] = [];
  const errors: unknown[] = [];
  let changes = 0;
  const hints = connectHints({
    onHint: (head) => void told.push(head),
    onDrivesChanged: () => void (changes += 1),
    onState: (state) => void states.push(state),
    onError: (error) => void errors.push(error),
    maxPauseMs: 100,
    ...options,
  });
  return { hints, told, states, errors, changes: () => changes };
}

function eventOf(tenant: TenantId, type: string, data: Record<string, unknown>) {
  const drive = String(data['drive']);
  return {
    specversion: '1.0' as const,
    id: randomUUID(),
    source: '/test',
    type,
    time: new Date().toISOString(),
    datacontenttype: 'application/json' as const,
    subject: drive,
    tenant,
    partitionkey: drive,
    data,
  };
}
