import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { parseDeviceId, parseSessionId, parseTenantId, parseUserId, type TenantId } from '@driftbox/domain';
import { defineRoute, type AccessClaims } from '@driftbox/protocol';
import { Registry } from 'prom-client';
import { signAccessToken } from '../access-token.ts';
import { createAuthenticator, type BasicCredentials } from '../authenticator.ts';
import { createKeySource } from '../key-source.ts';
import { createLogger } from '../logger.ts';
import type { RevocationSource } from '../revocations.ts';
import type { RouteBinding } from '../route-request.ts';
import { createService, type Service, type ServiceOptions } from '../service.ts';
import { signServiceToken } from '../service-token.ts';

/** A cell's secret for tests. */
export const serviceKey = 'a service key of at least thirty-two bytes';
/** The two tenants of a test world, at `acme.test` and `other.test`. */
export const acme = parseTenantId('11111111-1111-4111-8111-111111111111')!;
export const other = parseTenantId('22222222-2222-4222-8222-222222222222')!;

/** A route that anybody may ask for. */
export const hello = defineRoute({
  name: 'hello',
  service: 'upload',
  method: 'GET',
  path: '/v1/hello',
  summary: 'test',
  auth: 'none',
  answer: { stream: 'bytes' },
});

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

/** A token as auth would sign it, `Bearer` included. */
export async function bearer(changes: Partial<AccessClaims> = {}, lifeMs = 60_000, keyId = 'k1', key = privateKey): Promise<string> {
  return `Bearer ${await signAccessToken(key, keyId, claimsOf(changes), Date.now(), Date.now() + lifeMs)}`;
}

/** A service's token, `Bearer` included. */
export async function serviceBearer(caller: 'upload' | 'admin' | 'metadata', tid?: TenantId): Promise<string> {
  return `Bearer ${await signServiceToken(serviceKey, { caller, tid })}`;
}

type WorldOptions = Partial<ServiceOptions> & {
  readonly revocations?: RevocationSource;
  readonly exchangeBasic?: (credentials: BasicCredentials, tenantId: TenantId, address: string) => Promise<string>;
};

/** A service of these routes with everything around it in memory; `lines` gathers its log. */
export function createWorld(
  bindings: readonly RouteBinding[],
  options: WorldOptions = {},
): { service: Service; lines: Record<string, unknown>[]; registry: Registry; fetches: () => number } {
  const lines: Record<string, unknown>[] = [];
  const registry = new Registry();
  let fetches = 0;
  const keys = createKeySource({
    fetch: () => {
      fetches += 1;
      return Promise.resolve({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] });
    },
  });
  const { revocations, exchangeBasic, ...rest } = options;
  const service = createService({
    name: 'test',
    bindings,
    authenticator: createAuthenticator({ keys, serviceKey, revocations, exchangeBasic, registry }),
    tenantOfHost: (host) => ({ 'acme.test': acme, 'other.test': other })[host],
    log: createLogger({
      service: 'test',
      destination: { write: (text: string) => void lines.push(JSON.parse(text) as Record<string, unknown>) },
    }),
    registry,
    checkAnswers: true,
    ...rest,
  });
  return { service, lines, registry, fetches: () => fetches };
}
