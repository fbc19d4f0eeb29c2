import type { Client } from '@driftbox/api-client';
import type { TenantId } from '@driftbox/domain';
import type { Mailer } from '@driftbox/mail';
import type { Database } from '@driftbox/postgres';
import type { Logger } from '@driftbox/service-kit';
import type { NotificationMetrics } from './metrics.ts';
import type { RateWindow } from './webhook/rate-window.ts';
import type { SendOptions } from './webhook/send-delivery.ts';

/** Everything the rules of this service work with; made once, by app.ts. */
export type Context = {
  readonly database: Database;
  /** Metadata's routes; tokens are put on each call. */
  readonly metadata: Client;
  /** The cell's, by which this service calls the others. */
  readonly serviceKey: string;
  readonly mailer: Mailer;
  /** Where people reach the tenant, for mails. */
  readonly publicUrl: ((tenantId: TenantId) => string | undefined) | undefined;
  readonly log: Logger;
  /** Secrets of webhooks are derived from it, and what ends mails. */
  readonly webhookSecret: Uint8Array;
  readonly sending: SendOptions;
  readonly rates: RateWindow;
  /** Something is due now. */
  readonly wake: () => void;
  readonly metrics: NotificationMetrics;
  readonly nowMs: () => number;
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number;
};
