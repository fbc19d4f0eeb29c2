import type { TenantId } from '@driftbox/domain';
import type { Claim } from '@driftbox/redis';
import type { Authenticator, Logger, LookupCache } from '@driftbox/service-kit';
import type { PasswordExchange } from './exchange-password.ts';
import type { VerifyMetrics } from './metrics.ts';
import type { CountRequest } from './request-counter.ts';

/** What a tenant may do, as metadata holds it. */
export type TenantLimits = {
  readonly suspended: boolean;
  /** Of the whole tenant, and of each of its users. */
  readonly tenantRequests: Claim['rate'];
  readonly userRequests: Claim['rate'];
};

/** What verify's rules work with; made once, by `app.ts`. */
export type Context = {
  readonly authenticator: Authenticator;
  /** `undefined` for a host name of no tenant. Throws while auth cannot be asked for one that is new. */
  readonly tenantOfHost: (host: string) => Promise<TenantId | undefined>;
  /** By tenant id. */
  readonly limits: LookupCache<TenantLimits>;
  readonly defaultLimits: TenantLimits;
  readonly passwords: PasswordExchange;
  readonly count: CountRequest;
  /** Resolves once keys and revocations have been read for the first time. Throws while auth does not answer before that. */
  readonly warmUp: () => Promise<void>;
  readonly metrics: VerifyMetrics;
  readonly log: Logger;
  readonly nowMs: () => number;
};
