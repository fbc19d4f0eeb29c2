import type { Registry } from 'prom-client';
import { readAtScrape, readTogether } from './read-at-scrape.ts';

/** What an outbox holds: events not yet published, and for how long the oldest has waited. */
export type OutboxBacklog = { readonly waiting: number; readonly oldestMs: number };

/** Registers a service's gauges of its outbox, which `read` is asked for at each scrape. Where that fails, that scrape lacks them. */
export function watchOutbox(registry: Registry, service: string, read: () => Promise<OutboxBacklog>): void {
  const backlog = readTogether(read);
  const labelNames = ['service'] as const;
  readAtScrape(
    registry,
    {
      name: 'driftbox_outbox_age_seconds',
      help: 'Age of the oldest event not published yet; above a minute the event bus is away or too slow',
      labelNames,
    },
    async () => [[{ service }, (await backlog()).oldestMs / 1_000]],
  );
  readAtScrape(
    registry,
    { name: 'driftbox_outbox_waiting_events', help: 'Events not published yet, counted up to 100,000', labelNames },
    async () => [[{ service }, (await backlog()).waiting]],
  );
}
