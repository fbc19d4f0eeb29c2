import { Gauge, type Registry } from 'prom-client';

/** What an outbox holds: events not yet published, and for how long the oldest has waited. */
export type OutboxBacklog = { readonly waiting: number; readonly oldestMs: number };

/** Registers a service's gauges of its outbox, which `read` is asked for at each scrape. Where that fails, that scrape lacks them. */
export function watchOutbox(registry: Registry, service: string, read: () => Promise<OutboxBacklog>): void {
  register(
    'age_seconds',
    'Age of the oldest event that is not published yet; above a minute the event bus is away or too slow',
    (found) => {
      return found.oldestMs / 1000;
    },
  );
  register('waiting', 'Events not published yet, counted up to 100,000', (found) => found.waiting);

  // Each asks by itself: a registry reads its gauges side by side, and one that another sets would be a scrape behind.
  function register(name: string, help: string, valueOf: (found: OutboxBacklog) => number): void {
    const gauge: Gauge = new Gauge({
      name: `driftbox_${service}_outbox_${name}`,
      help,
      registers: [registry],
      collect: async (): Promise<void> => {
        const found = await read().catch(() => undefined);
        gauge.remove();
        if (found !== undefined) gauge.set(valueOf(found));
      },
    });
  }
}
