import type { Client } from '@driftbox/api-client';
import type { Database } from '@driftbox/postgres';
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
  /** Secrets of webhooks are derived from it. */
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
