import type { Client } from '@driftbox/api-client';
import { parseTenantId } from '@driftbox/domain';
import { routes, type ServiceClaims } from '@driftbox/protocol';
import type { SharedRates } from '@driftbox/redis';
import {
  createAuthenticator,
  countLookups,
  createKeySource,
  createService,
  followHosts,
  LookupCache,
  PolledRevocations,
  signServiceToken,
  type KeySource,
  type Logger,
  type Service,
} from '@driftbox/service-kit';
import type { Registry } from 'prom-client';
import type { Context, TenantLimits } from './context.ts';
import { PasswordExchange } from './exchange-password.ts';
import { createMetrics, type VerifyMetrics } from './metrics.ts';
import { RequestCounter, type CountRequest } from './request-counter.ts';
import { bindVerifyRequest } from './routes/verify-request.ts';

/** What verify is made of. */
export type VerifyOptions = {
  /** Reach the internal routes of auth and metadata; tokens are put on each call. */
  readonly auth: Client;
  readonly metadata: Client;
  /** The cell's service key, at least 32 bytes. */
  readonly serviceKey: string;
  readonly log: Logger;
  readonly registry: Registry;
  /** What holds for a tenant while metadata has not been heard of it. */
  readonly defaultLimits?: TenantLimits | undefined;
  /** How often revocations are asked for; default 2,000 ms. */
  readonly revocationsEveryMs?: number | undefined;
  /** What rates and ages are measured by; default a clock that nobody can set. */
  readonly nowMs?: (() => number) | undefined;
  /** Where all verify processes of a cell count together; without it, and while it does not answer, each counts alone. */
  readonly sharedRates?: Pick<SharedRates, 'take'> | undefined;
};

/** A verify: `start` begins to follow auth, `stop` ends that and drains NGINX's questions. */
export type Verify = { readonly service: Service; start(): void; stop(): Promise<void> };

const defaultLimits: TenantLimits = {
  suspended: false,
  tenantRequests: { perSecond: 2_000, burst: 4_000 },
  userRequests: { perSecond: 200, burst: 1_000 },
};

const monotonicMs = (): number => performance.now();
const maxTenants = 10_000;
const maxCallers = 200_000;
/** A tenant's new rate or suspension holds within this time. */
const freshMs = 5_000;
/** How long the last answers go on holding while nobody can be asked. */
const keepMs = 24 * 3_600_000;

/** The only place where verify is put together. It stores nothing and needs nobody in order to start. */
export function createVerify(options: VerifyOptions): Verify {
  const { log, registry, serviceKey } = options;
  const followed = followAuth(options);
  const metrics = createMetrics(registry);
  const context: Context = {
    authenticator: createAuthenticator({ keys: followed.keys, revocations: followed.revocations, serviceKey, registry }),
    ...lookUps(options),
    defaultLimits: options.defaultLimits ?? defaultLimits,
    count: counting(options, metrics),
    warmUp: followed.warmUp,
    metrics,
    log,
    nowMs: options.nowMs ?? monotonicMs,
  };
  const service = createService({
    name: 'verify',
    bindings: [bindVerifyRequest(context)],
    authenticator: context.authenticator,
    log,
    registry,
    ready: followed.warmUp,
    // NGINX names the client's address, in a header that it sets itself.
    limits: { trustedProxies: 1 },
  });
  return {
    service,
    start: () => followed.revocations.start(),
    async stop() {
      followed.revocations.stop();
      await service.stop();
    },
  };
}

/** Keys and revocations: read once before anybody is admitted, and from then on held while auth is away. */
function followAuth({ auth, serviceKey, log, registry, revocationsEveryMs }: VerifyOptions) {
  const token = () => signServiceToken(serviceKey, { caller: 'gateway' });
  const keys: KeySource = createKeySource({ fetch: () => auth.call(routes.getKeys), count: countLookups(registry, 'signing_keys') });
  const revocations = new PolledRevocations({
    fetch: (after) => auth.call(routes.listRevocations, { query: { after }, token }),
    onError: (error) => log.warn({ err: error }, 'revocations are stale'),
    ...(revocationsEveryMs === undefined ? {} : { intervalMs: revocationsEveryMs }),
  });
  let warm = false;
  const warmUp = async (): Promise<void> => {
    if (warm) return;
    await Promise.all([keys.find('any'), revocations.poll()]);
    warm = true;
  };
  return { keys, revocations, warmUp };
}

/** Together with the cell's other processes where that can be, else in this one. */
function counting({ sharedRates }: VerifyOptions, metrics: VerifyMetrics): CountRequest {
  const own = new RequestCounter(maxCallers);
  if (sharedRates === undefined) return (claims, nowMs) => own.take(claims, nowMs);
  return async (claims, nowMs) => {
    const waitMs = await sharedRates.take(claims);
    if (waitMs !== undefined) return waitMs;
    metrics.countedAlone();
    return own.take(claims, nowMs);
  };
}

/** What auth and metadata own and verify keeps for a while. */
function lookUps({ auth, metadata, serviceKey, registry, nowMs }: VerifyOptions): Pick<Context, 'tenantOfHost' | 'limits' | 'passwords'> {
  const tokenFor = (claims: Omit<ServiceClaims, 'caller'>) => () => signServiceToken(serviceKey, { caller: 'gateway', ...claims });
  return {
    tenantOfHost: followHosts((host) => auth.call(routes.findTenantOfHost, { params: { host }, token: tokenFor({}) }), {
      count: countLookups(registry, 'hosts'),
      nowMs,
    }),
    limits: new LookupCache<TenantLimits>({
      freshMs,
      keepMs,
      maximum: maxTenants,
      nowMs,
      count: countLookups(registry, 'tenant_limits'),
      ask: (id) => {
        const tid = parseTenantId(id);
        return metadata.call(routes.getTenantLimits, { params: { tenant: id }, token: tokenFor({ tid }) });
      },
    }),
    passwords: new PasswordExchange(
      async (ask) => {
        const { accessToken } = await auth.call(routes.exchangeAppPassword, { body: ask, token: tokenFor({ tid: ask.tenantId }) });
        return accessToken;
      },
      nowMs ?? monotonicMs,
      countLookups(registry, 'app_passwords'),
    ),
  };
}
