import type { TenantId } from '@driftbox/domain';
import type { MailQueue } from '@driftbox/mail';
import type { Database } from '@driftbox/postgres';
import type { Logger, PasswordCost, PolledRevocations } from '@driftbox/service-kit';
import type { IssuerClients } from './issuer/issuer-clients.ts';
import type { KeyRing } from './key-ring.ts';
import type { AuthMetrics } from './metrics.ts';
import type { ThrottleLimits } from './throttle.ts';

/** How long things live, in milliseconds. */
export type Lifetimes = {
  readonly accessMs: number;
  readonly refreshMs: number;
  readonly invitationMs: number;
  readonly verifyEmailMs: number;
  readonly resetPasswordMs: number;
  /** From the browser's way to an issuer to its return, and from there to the client's use of the code. */
  readonly issuerSignInMs: number;
  readonly auditMs: number;
};

export const defaultLifetimes: Lifetimes = {
  accessMs: 15 * 60_000,
  refreshMs: 30 * 86_400_000,
  invitationMs: 7 * 86_400_000,
  verifyEmailMs: 3 * 86_400_000,
  resetPasswordMs: 3_600_000,
  issuerSignInMs: 10 * 60_000,
  auditMs: 90 * 86_400_000,
};

/** What auth's rules work with; made once, by `app.ts`. */
export type Context = {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly mails: MailQueue;
  readonly revocations: PolledRevocations;
  /** Whose a host name is; the default tenant's where nobody claims it and there is one. */
  readonly tenantOfHost: (host: string) => Promise<TenantId | undefined>;
  readonly log: Logger;
  readonly metrics: AuthMetrics;
  readonly nowMs: () => number;
  readonly lifetimes: Lifetimes;
  readonly throttle: ThrottleLimits;
  readonly passwordCost: PasswordCost;
  /** A hash nobody's password has: verified in place of an unknown user's. */
  readonly dummyHash: string;
  readonly issuers: IssuerClients;
  /** Seals what browsers keep for us. */
  readonly cookieSecret: string;
  /** The address, `https://files.example.com`, under which people reach a host name, for the way back from issuers. */
  readonly originOf: (host: string) => string;
  /** Where people reach the tenant, for links in mails; without one mails carry only the secret. */
  readonly publicUrl: ((tenantId: TenantId) => string | undefined) | undefined;
};
