import { Counter, type Registry } from 'prom-client';

/** What auth measures besides its requests. */
export type AuthMetrics = { swept(rows: number): void };

/** Registers auth's own metrics. */
export function createMetrics(registry: Registry): AuthMetrics {
  const swept = new Counter({ name: 'auth_swept_rows_total', help: 'Expired rows deleted', registers: [registry] });
  return { swept: (rows) => swept.inc(rows) };
}
