import { Gauge, type Registry } from 'prom-client';

/** What an outbox holds: events not yet published, and for how long the oldest has waited. */
export type OutboxBacklog = { readonly waiting: number; readonly oldestMs: number };

type Read = () => Promise<OutboxBacklog>;

/** The outboxes that a registry watches, by service. */
const watched = new WeakMap<Registry, Map<string, Read>>();

/** Registers a service's gauges of its outbox, which `read` is asked for at each scrape. Where that fails, that scrape lacks them. */
export function watchOutbox(registry: Registry, service: string, read: Read): void {
  const outboxes = watched.get(registry) ?? new Map<string, Read>();
  outboxes.set(service, read);
  if (watched.has(registry)) return;
  watched.set(registry, outboxes);
  register('age_seconds', 'Age of the oldest event not published yet; above a minute the event bus is away or too slow', (found) => {
    return found.oldestMs / 1000;
  });
  register('waiting_events', 'Events not published yet, counted up to 100,000', (found) => found.waiting);

  // Each asks by itself: a registry reads its gauges side by side, and one that another sets would be a scrape behind.
  function register(name: string, help: string, valueOf: (found: OutboxBacklog) => number): void {
    const gauge: Gauge<'service'> = new Gauge({
      name: `driftbox_outbox_${name}`,
      help,
      labelNames: ['service'],
      registers: [registry],
      collect: async (): Promise<void> => {
        const all = await Promise.all([...outboxes].map(async ([one, ask]) => [one, await ask().catch(() => undefined)] as const));
        gauge.reset();
        for (const [one, found] of all) if (found !== undefined) gauge.set({ service: one }, valueOf(found));
      },
    });
  }
}
