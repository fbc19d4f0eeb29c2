import type { Registry } from 'prom-client';
import { readAtScrape } from './read-at-scrape.ts';

/** Connections of a service's pool at this moment, and how many callers wait for one. */
export type PoolState = { readonly open: number; readonly idle: number; readonly waiting: number };

/** Registers how a service's connections to PostgreSQL are, which `read` is asked for at each scrape. */
export function createDatabaseMetrics(registry: Registry, service: string, read: () => PoolState): void {
  readAtScrape(
    registry,
    {
      name: 'driftbox_database_connections',
      help: 'Connections to PostgreSQL, by whether somebody uses them',
      labelNames: ['service', 'state'],
    },
    () => {
      const { open, idle } = read();
      return [
        [{ service, state: 'busy' }, open - idle],
        [{ service, state: 'idle' }, idle],
      ];
    },
  );
  readAtScrape(
    registry,
    {
      name: 'driftbox_database_waiting_callers',
      help: 'Who waits for a connection to PostgreSQL; more than a moment of it means slow statements, or too few connections',
      labelNames: ['service'],
    },
    () => [[{ service }, read().waiting]],
  );
}
