import type { Client } from '@driftbox/api-client';
import type { TenantId } from '@driftbox/domain';
import type { MailQueue } from '@driftbox/mail';
import type { Database } from '@driftbox/postgres';
import type { PasswordCost } from '@driftbox/service-kit';
import type { ShareMetrics } from './metrics.ts';
import type { GuessThrottle } from './guess-throttle.ts';

/** Everything the rules of this service work with; made once, by app.ts. */
export type Context = {
  readonly database: Database;
  /** Auth's, metadata's and upload's routes; tokens are put on each call. */
  readonly auth: Client;
  readonly metadata: Client;
  readonly upload: Client;
  /** The cell's, by which this service calls the others. */
  readonly serviceKey: string;
  /** Links' secrets are derived from it. */
  readonly linkSecret: Uint8Array;
  readonly passwordCost: PasswordCost;
  readonly guesses: GuessThrottle;
  readonly metrics: ShareMetrics;
  /** How often what is being read or sent looks whether its link still lasts. */
  readonly recheckMs: number;
  readonly mails: MailQueue;
  /** Where people reach the tenant, for mails. */
  readonly publicUrl: ((tenantId: TenantId) => string | undefined) | undefined;
  readonly nowMs: () => number;
};
