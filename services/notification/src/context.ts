import type { Database } from '@driftbox/postgres';
import type { NotificationMetrics } from './metrics.ts';

/** Everything the rules of this service work with; made once, by app.ts. */
export type Context = {
  readonly database: Database;
  readonly metrics: NotificationMetrics;
  readonly nowMs: () => number;
};
