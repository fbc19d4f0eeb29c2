import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createClient, type Transport } from '@driftbox/api-client';
import { parseDeviceId, parseSessionId, parseTenantId, parseUserId, type SessionId, type TenantId, type UserId } from '@driftbox/domain';
import { Problem, routes, type AccessClaims } from '@driftbox/protocol';
import {
  createAuthenticator,
  createKeySource,
  createLogger,
  createService,
  handle,
  signAccessToken,
  type RouteBinding,
  type Service,
} from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { createVerify, type Verify, type VerifyOptions } from '../app.ts';
import type { TenantLimits } from '../context.ts';

/** A cell's secret for tests. */
const serviceKey = 'a service key of at least thirty-two bytes';
/** The tenants of `acme.test` and of `other.test`. */
export const acme = parseTenantId('11111111-1111-4111-8111-111111111111')!;
export const other = parseTenantId('22222222-2222-4222-8222-222222222222')!;

/** What verify asks of a cell, answered from memory through the real pipeline, and a verify that asks it. */
export type Cell = {
  readonly verify: Verify;
  readonly registry: Registry;
  readonly lines: Record<string, unknown>[];
  /** Neither auth nor metadata can be reached while this is true. */
  away: { auth: boolean; metadata: boolean };
  readonly limits: Map<TenantId, TenantLimits>;
  /** Suspended, as auth tells. */
  readonly suspended: Set<TenantId>;
  /** App passwords that are valid, each as its user of `acme`. */
  readonly appPasswords: Map<string, UserId>;
  readonly asked: string[];
  revoke(id: { session?: SessionId; user?: UserId }): void;
  /** A token as auth would sign it, `Bearer` included. */
  bearer(changes?: Partial<AccessClaims>, lifeMs?: number): Promise<string>;
};

const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** Claims of some user of `acme`. */
export function claimsOf(changes: Partial<AccessClaims> = {}): AccessClaims {
  return {
    sub: parseUserId(randomUUID())!,
    tid: acme,
    did: parseDeviceId(randomUUID())!,
    sid: parseSessionId(randomUUID())!,
    role: 'member',
    scope: 'write',
    ...changes,
  };
}

/** Opens one. Verify is started; `stop` it. */
export function openCell(options: Partial<VerifyOptions> = {}): Cell {
  const lines: Record<string, unknown>[] = [];
  const revoked = { sessions: [] as SessionId[], users: [] as UserId[] };
  const limits = new Map<TenantId, TenantLimits>();
  const suspended = new Set<TenantId>();
  const appPasswords = new Map<string, UserId>();
  const asked: string[] = [];
  const away = { auth: false, metadata: false };
  const sign = (claims: AccessClaims, lifeMs: number) => signAccessToken(privateKey, 'k1', claims, Date.now(), Date.now() + lifeMs);
  const auth = serviceOf('auth', [
    handle(routes.getKeys, () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] })),
    handle(routes.listRevocations, () => ({
      ...revoked,
      tenants: [...suspended].map((tenantId) => ({ tenantId, suspended: true })),
      nextCursor: '0.0',
    })),
    handle(routes.findTenantOfHost, ({ params: { host } }) => ({ tenantId: { 'acme.test': acme, 'other.test': other }[host] })),
    handle(routes.exchangeAppPassword, async ({ body: { password } }) => {
      const user = appPasswords.get(password);
      if (user === undefined) throw new Problem('unauthenticated');
      const expiresAt = new Date(Date.now() + 900_000).toISOString();
      return { accessToken: await sign(claimsOf({ sub: user }), 900_000), expiresAt };
    }),
  ]);
  const metadata = serviceOf('metadata', [
    handle(routes.getTenantLimits, ({ params: { tenant } }) => {
      const found = limits.get(tenant);
      if (found === undefined) throw new Problem('not_found');
      return { ...found, sockets: 1 };
    }),
  ]);
  const through =
    (name: keyof typeof away, { transport }: Service): Transport =>
    (request) => {
      asked.push(`${name} ${request.path}`);
      return away[name] ? Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' })) : transport(request);
    };
  const retry = { attempts: 1 };
  const registry = new Registry();
  const verify = createVerify({
    auth: createClient({ transport: through('auth', auth), retry }),
    metadata: createClient({ transport: through('metadata', metadata), retry }),
    serviceKey,
    registry,
    log: createLogger({
      service: 'verify',
      destination: { write: (text: string) => void lines.push(JSON.parse(text) as Record<string, unknown>) },
    }),
    revocationsEveryMs: 20,
    ...options,
  });
  verify.start();
  return {
    verify,
    registry,
    lines,
    away,
    limits,
    suspended,
    appPasswords,
    asked,
    revoke: ({ session, user }) => {
      if (session !== undefined) revoked.sessions.push(session);
      if (user !== undefined) revoked.users.push(user);
    },
    bearer: async (changes, lifeMs = 60_000) => `Bearer ${await sign(claimsOf(changes), lifeMs)}`,
  };
}

function serviceOf(name: string, bindings: readonly RouteBinding[]): Service {
  return createService({
    name,
    bindings,
    authenticator: createAuthenticator({ keys: createKeySource({ fetch: async () => ({ keys: [] }) }), serviceKey }),
    log: createLogger({ service: name, level: 'silent' }),
    registry: new Registry(),
    checkAnswers: true,
  });
}
